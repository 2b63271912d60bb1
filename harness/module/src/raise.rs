//! Erlang's three classes of exception, carried by unwinding.

use std::any::Any;
use std::panic::resume_unwind;

use upheaval_term::Term;

use crate::abi::outcome;
use crate::function::{Class, Raised};
use crate::scratch;

/// What an unwinding through a callback carries.
pub(crate) enum Raise {
    /// `error`, `exit` or `throw`, as the outcome's number, with its value.
    Value(u32, Vec<u8>),
    /// The process is being killed.
    Kill,
}

/// Raises `exit(Reason)`: unless it is caught on the way, the process ends with
/// this reason.
pub fn exit(reason: Term) -> ! {
    raise(outcome::EXIT, &reason)
}

/// Raises `error(Reason)`: unless it is caught on the way, the process ends
/// with `{Reason, Stack}`.
pub fn error(reason: Term) -> ! {
    raise(outcome::ERROR, &reason)
}

/// Raises `throw(Value)`: in a callback of a server that is the same as
/// returning the value.
pub fn throw(value: Term) -> ! {
    raise(outcome::THROW, &value)
}

fn raise(class: u32, value: &Term) -> ! {
    // Not `panic!`: there is nothing to report, and no hook to call.
    resume_unwind(Box::new(Raise::Value(class, upheaval_term::encode(value))))
}

/// Raises what was raised elsewhere once more.
pub(crate) fn again(class: u32, value: Vec<u8>) -> ! {
    resume_unwind(Box::new(Raise::Value(class, value)))
}

/// What an unwinding carries, for who catches it; a kill is given back.
pub(crate) fn raised(payload: Box<dyn Any + Send>) -> Result<Raised, Box<dyn Any + Send>> {
    match payload.downcast::<Raise>() {
        Ok(raise) => match *raise {
            Raise::Value(class, value) => Ok(Raised {
                class: match class {
                    outcome::EXIT => Class::Exit,
                    outcome::THROW => Class::Throw,
                    _ => Class::Error,
                },
                value: upheaval_term::decode(&value).unwrap_or(Term::atom("undefined")),
            }),
            Raise::Kill => Err(raise),
        },
        Err(payload) => Ok(Raised {
            class: Class::Error,
            value: panicked(payload),
        }),
    }
}

/// Unwinds to the entry, to end a process that is being killed.
pub(crate) fn kill() -> ! {
    resume_unwind(Box::new(Raise::Kill))
}

/// The outcome of an entry that unwound with `payload`.
pub(crate) fn outcome_of(payload: Box<dyn Any + Send>) -> crate::abi::Outcome {
    match payload.downcast::<Raise>() {
        Ok(raise) => match *raise {
            Raise::Value(class, value) => crate::abi::Outcome::with(class, scratch::keep(value)),
            Raise::Kill => crate::abi::Outcome::of(outcome::KILLED),
        },
        Err(payload) => {
            let value = upheaval_term::encode(&panicked(payload));
            crate::abi::Outcome::with(outcome::ERROR, scratch::keep(value))
        }
    }
}

/// `{panic,Message}`: the reason of a panic that is no exception of Erlang's.
fn panicked(payload: Box<dyn Any + Send>) -> Term {
    Term::tuple([Term::atom("panic"), Term::binary(message_of(payload))])
}

fn message_of(payload: Box<dyn Any + Send>) -> String {
    let payload = match payload.downcast::<&str>() {
        Ok(text) => return (*text).to_owned(),
        Err(payload) => payload,
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => {
            // A payload whose own drop panics must not get out of here.
            std::mem::forget(payload);
            "a panic without a message".to_owned()
        }
    }
}
