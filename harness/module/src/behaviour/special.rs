//! A special process: a loop that hands system messages to `sys`.

use serde::Serialize;
use serde::de::DeserializeOwned;
use upheaval_term::Term;

use super::{Change, Init};
use crate::context::SystemMessage;
use crate::{Context, raise};

/// A special process, as `proc_lib:start_link` starts one.
///
/// It has a loop of its own, as a plain [`Process`](super::Process), but takes system
/// messages out of its mailbox with [`Context::receive_special`] and hands them to
/// `sys`, which can suspend, convert and resume it. What that means for an upgrade:
///
/// - While it waits in its own receive it has a stack there, and lingers once another
///   version is loaded (A5). A system message gets it out of there, and `sys` calls it
///   back in the version that is current by then.
/// - While it is suspended it waits in `sys`, and does not linger.
///
/// The value itself is what the loop is called with, and what `sys` keeps: it is what
/// `sys:get_state` gives, as a term.
///
/// ```
/// use upheaval_module::prelude::*;
///
/// #[derive(Serialize, Deserialize)]
/// struct Echo { said: u32 }
///
/// impl Special for Echo {
///     type Args = u32;
///
///     fn init(said: u32, _: &Context) -> Init<Self> {
///         Init::Ok(Echo { said })
///     }
///
///     fn run(mut self, context: &Context) -> SpecialReturn<Self> {
///         loop {
///             match context.receive_special::<(Pid, Ref, Term)>() {
///                 Received::Message((from, tag, what)) => {
///                     self.said += 1;
///                     context.send(from, &(tag, what));
///                 }
///                 Received::System(message) => return SpecialReturn::System(self, message),
///             }
///         }
///     }
/// }
///
/// export!(special Echo, module "echo", vsn "1");
/// # fn main() {}
/// ```
pub trait Special: Serialize + DeserializeOwned + 'static {
    /// What `init` is given.
    type Args: DeserializeOwned;

    /// What it does before `proc_lib:init_ack`. [`Init::OkThen`] is no return of it.
    fn init(args: Self::Args, context: &Context) -> Init<Self>;

    /// The loop. `sys` calls it by `system_continue/3`, in the version that is current
    /// by then.
    fn run(self, context: &Context) -> SpecialReturn<Self>;

    /// `system_terminate/4`: it is suspended, and its parent exits, or `sys:terminate`
    /// is called. It exits with the reason afterwards.
    fn system_terminate(&mut self, reason: &Term, context: &Context) {
        let _ = (reason, context);
    }

    /// `system_code_change/4`, as [`code_change`](super::GenServer::code_change) of a
    /// server.
    ///
    /// # Errors
    /// An error keeps the state, and leaves the process suspended.
    fn system_code_change(change: Change, state: Term, extra: Term) -> Result<Term, Term> {
        let _ = (change, state, extra);
        raise::error(Term::atom("undef"))
    }
}

/// How a special process goes on.
#[derive(Debug)]
pub enum SpecialReturn<S> {
    /// With a qualified call of its loop: in the current version.
    Qualified(S),
    /// The same, once a message has come; it waits without a stack until then (A5).
    Hibernate(S),
    /// With `sys:handle_system_msg`.
    System(S, SystemMessage),
    /// Not: it has returned, and exits with `normal`.
    Done,
}
