//! Functions of a module besides its behaviour's: called by name, or as funs.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use serde::Serialize;
use serde::de::DeserializeOwned;
use upheaval_term::{ExternalFun, LocalFun, Term};

use crate::abi::{Bytes, Call, Entry, Function, Host, Outcome, Trap, outcome, trap};
use crate::context::{Context, decode};
use crate::{raise, scratch};

/// The arguments of a function, or the terms that a fun holds: a tuple of up to four.
pub trait Arguments: Sized {
    /// How many they are.
    const COUNT: u8;

    #[doc(hidden)]
    fn tuple(&self) -> Vec<u8>;

    #[doc(hidden)]
    fn of_tuple(data: Bytes) -> Self;
}

impl Arguments for () {
    const COUNT: u8 = 0;

    fn tuple(&self) -> Vec<u8> {
        upheaval_term::encode(&Term::Tuple(Vec::new()))
    }

    fn of_tuple(_: Bytes) {}
}

macro_rules! arguments {
    ($($count:literal: $($name:ident)*;)*) => {$(
        impl<$($name: Serialize + DeserializeOwned),*> Arguments for ($($name,)*) {
            const COUNT: u8 = $count;

            fn tuple(&self) -> Vec<u8> {
                match upheaval_term::to_vec(self) {
                    Ok(bytes) => bytes,
                    Err(error) => raise::error(Term::tuple([
                        Term::atom("badarg"),
                        Term::binary(error.to_string()),
                    ])),
                }
            }

            fn of_tuple(data: Bytes) -> Self {
                crate::entry::decode(data)
            }
        }
    )*};
}

arguments! {
    1: A;
    2: A B;
    3: A B C;
    4: A B C D;
}

/// A fun to be called.
#[derive(Clone, Copy, Debug)]
pub enum Fun<'f> {
    /// One that stays bound to its version (A6).
    Local(&'f LocalFun),
    /// One that is looked up by name at each call (A7).
    External(&'f ExternalFun),
}

impl<'f> From<&'f LocalFun> for Fun<'f> {
    fn from(fun: &'f LocalFun) -> Self {
        Fun::Local(fun)
    }
}

impl<'f> From<&'f ExternalFun> for Fun<'f> {
    fn from(fun: &'f ExternalFun) -> Self {
        Fun::External(fun)
    }
}

/// What was raised: `Class:Value` of a `try … catch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// By `error`, `exit` or `throw`.
    pub class: Class,
    /// With this.
    pub value: Term,
}

/// The class of what was raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `error(Value)`, or a panic.
    Error,
    /// `exit(Value)`.
    Exit,
    /// `throw(Value)`.
    Throw,
}

impl Context<'_> {
    /// `fun name/N` of the running version, or a fun with free variables: `name` is one of
    /// the `funs` that the module [exports](crate::export), and is given `free` in front of
    /// the arguments. It stays bound to this version (A6).
    ///
    /// A name that the module has no fun of raises `undef`.
    pub fn fun<F: Arguments>(&self, name: &str, free: &F) -> LocalFun {
        let free = free.tuple();
        decode(
            self.trap(&Trap {
                name: Bytes::of(name.as_bytes()),
                second: Bytes::of(&free),
                ..Trap::of(trap::FUN)
            })
            .data,
        )
    }

    /// `Fun(Arguments…)`. A local fun whose version was purged raises `{badfun,Fun}` (A6),
    /// and one that takes another number of arguments `{badarity,{Fun,Arguments}}`.
    ///
    /// What the function raises is raised here. While it runs, the process has both
    /// versions on its stack (A5).
    pub fn call_fun<'f, A: Arguments, R: DeserializeOwned>(
        &self,
        fun: impl Into<Fun<'f>>,
        arguments: &A,
    ) -> R {
        match fun.into() {
            Fun::Local(fun) => {
                let fun = upheaval_term::encode(&Term::from(fun.clone()));
                self.enter(arguments, |second| Trap {
                    data: Bytes::of(&fun),
                    second,
                    ..Trap::of(trap::CALL_FUN)
                })
            }
            Fun::External(fun) => self.apply(fun.module.as_str(), fun.function.as_str(), arguments),
        }
    }

    /// `Module:Function(Arguments…)`, in the version that is current now (A7). One that is
    /// not exported raises `undef`.
    pub fn apply<A: Arguments, R: DeserializeOwned>(
        &self,
        module: &str,
        function: &str,
        arguments: &A,
    ) -> R {
        self.enter(arguments, |second| Trap {
            module: Bytes::of(module.as_bytes()),
            name: Bytes::of(function.as_bytes()),
            second,
            ..Trap::of(trap::APPLY)
        })
    }

    /// `try … of Value -> Value catch Class:Reason -> … end`.
    ///
    /// # Errors
    /// What was raised.
    pub fn catch<R>(&self, body: impl FnOnce() -> R) -> Result<R, Raised> {
        // What the body leaves half done is its author's business, as in Erlang.
        catch_unwind(AssertUnwindSafe(body)).map_err(|payload| match raise::raised(payload) {
            Ok(raised) => raised,
            // It is being killed, which nothing catches.
            Err(payload) => resume_unwind(payload),
        })
    }

    fn enter<A: Arguments, R: DeserializeOwned>(
        &self,
        arguments: &A,
        trap: impl FnOnce(Bytes) -> Trap,
    ) -> R {
        let arguments = arguments.tuple();
        let arguments = Bytes::of(&arguments);
        let answer = self.trap(&trap(arguments));
        let Some(entry) = answer.entry else {
            raise::error(Term::atom("undef"))
        };
        let call = Call {
            data: arguments,
            extra: answer.data,
            ..Call::EMPTY
        };
        let mut outcome = Outcome::of(0);
        // SAFETY: the node gave an entry of a module that stays open, to be called on this
        // stack; both terms live until it traps, and all three values until it returns.
        unsafe { entry(self.host(), &call, &mut outcome) };
        // SAFETY: that module has not been entered again since.
        let value = unsafe { outcome.data.as_slice() }.to_vec();
        if outcome.kind == outcome::KILLED {
            raise::kill();
        }
        self.trap(&Trap::of(trap::LEAVE));
        match outcome.kind {
            outcome::TERM => decode(Bytes::of(&value)),
            class => raise::again(class, value),
        }
    }
}

impl Function {
    /// A function that can be called by name from outside.
    pub const fn exported<A: Arguments, R>(
        name: &'static str,
        _: fn(&Context<'_>, A) -> R,
        entry: Entry,
    ) -> Function {
        Function {
            name: Bytes::of(name.as_bytes()),
            arity: A::COUNT,
            exported: true,
            entry,
        }
    }

    /// The body of local funs: it takes what such a fun holds, and its arguments.
    pub const fn local<F: Arguments, A: Arguments, R>(
        name: &'static str,
        _: fn(&Context<'_>, F, A) -> R,
        entry: Entry,
    ) -> Function {
        Function {
            name: Bytes::of(name.as_bytes()),
            arity: A::COUNT,
            exported: false,
            entry,
        }
    }
}

/// Runs an exported function from its entry.
///
/// # Safety
/// The three pointers are those that the node called the entry with.
pub unsafe fn run_exported<A: Arguments, R: Serialize>(
    pointers: (*const Host, *const Call, *mut Outcome),
    function: fn(&Context<'_>, A) -> R,
) {
    // SAFETY: the caller vouches for the pointers.
    unsafe {
        crate::entry::caught(pointers, |context, call| {
            returned(&function(context, A::of_tuple(call.data)))
        });
    }
}

/// Runs the body of a local fun from its entry.
///
/// # Safety
/// The three pointers are those that the node called the entry with.
pub unsafe fn run_local<F: Arguments, A: Arguments, R: Serialize>(
    pointers: (*const Host, *const Call, *mut Outcome),
    function: fn(&Context<'_>, F, A) -> R,
) {
    // SAFETY: the caller vouches for the pointers.
    unsafe {
        crate::entry::caught(pointers, |context, call| {
            let free = F::of_tuple(call.extra);
            returned(&function(context, free, A::of_tuple(call.data)))
        });
    }
}

/// Runs a module's `on_load` function from its entry: any other term than `ok` refuses
/// the load.
///
/// # Safety
/// The three pointers are those that the node called the entry with.
pub unsafe fn run_on_load(
    pointers: (*const Host, *const Call, *mut Outcome),
    function: fn(&Context<'_>) -> Result<(), Term>,
) {
    // SAFETY: the caller vouches for the pointers.
    unsafe {
        crate::entry::caught(pointers, |context, _| match function(context) {
            Ok(()) => returned(&Term::atom("ok")),
            Err(why) => returned(&Term::tuple([Term::atom("error"), why])),
        });
    }
}

fn returned<R: Serialize>(value: &R) -> Outcome {
    Outcome::with(outcome::TERM, scratch::encode(value))
}
