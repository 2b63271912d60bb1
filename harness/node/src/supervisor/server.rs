//! The supervisor's callbacks, as a `gen_server` has them.

use upheaval_module::abi::Table;
use upheaval_module::behaviour::{CallReturn, Change, GenServer, Init, RestartType, Return};
use upheaval_module::{Caller, Context, error};
use upheaval_term::{Atom, RawTerm, Term};

use super::books::{Supervisor, written};
use super::described::{Described, Not};
use super::instances::Instances;
use super::start::{Failed, start_all};
use super::stop::{stop_all, stop_instances};
use crate::signal::{Payload, atom, payload, tuple};

/// The name of the module.
pub(crate) const MODULE: &str = "supervisor";

/// The module, as a node finds it in any other library.
pub(crate) const TABLE: Table = Table::gen_server::<Supervisor>(MODULE, "1");

/// What a supervisor is started with: its callback module, and what that is given.
pub(crate) fn start_args(module: &str, args: &[u8]) -> Payload {
    tuple([&payload(&atom(module)), args])
}

/// The callback module in a supervisor's state, and what that is given. A term that is
/// no such state has none.
pub(crate) fn callback_of(state: &[u8]) -> Option<(Atom, Payload)> {
    let supervisor: Supervisor = upheaval_term::from_slice(state).ok()?;
    // The version of the format goes before a term.
    let mut args = Payload::from_slice(&[131]);
    args.extend_from_slice(supervisor.args.as_bytes());
    Some((supervisor.module, args))
}

impl GenServer for Supervisor {
    type Args = (Atom, RawTerm);
    type Call = Term;
    type Reply = Term;
    type Cast = Term;
    type Info = Term;

    fn init((module, args): Self::Args, context: &Context) -> Init<Self> {
        context.trap_exit(true);
        let given = context.supervisor_init(module.as_str(), &args);
        let Described { flags, children } = match Described::read(given) {
            Ok(described) => described,
            Err(Not::Ignored) => return Init::Ignore,
            Err(Not::BadReturn(given)) => {
                let init = Term::tuple([Term::Atom(module), Term::atom("init"), given]);
                return stop("bad_return", init);
            }
            Err(Not::Wrong(what, why)) => return stop(what, why),
        };
        let mut supervisor = Supervisor {
            module,
            args,
            flags,
            children,
            instances: Instances::new(false),
            restarts: Vec::new(),
        };
        if supervisor.is_simple() {
            let keeps_args = supervisor.template().restart != RestartType::Temporary;
            supervisor.instances = Instances::new(keeps_args);
            return Init::Ok(supervisor);
        }
        // A failed start stops those before it, in reverse (D1).
        if let Err(Failed { place, why }) = start_all(&mut supervisor.children, 0, context) {
            let id = supervisor.children[place].id.clone();
            stop_all(&mut supervisor.children, 0, context);
            return stop(
                "shutdown",
                Term::tuple([Term::atom("failed_to_start_child"), id, why]),
            );
        }
        Init::Ok(supervisor)
    }

    fn handle_call(&mut self, request: Term, _: Caller, context: &Context) -> CallReturn<Term> {
        CallReturn::Reply(self.answer(&request, context))
    }

    /// A restart failed, and is to be tried again.
    fn handle_cast(&mut self, note: Term, context: &Context) -> Return {
        match note.as_tuple() {
            Some([what, id]) if what.is_atom("try_again_restart") => {
                self.try_again(id, context).into()
            }
            _ => error(Term::atom("function_clause")),
        }
    }

    fn handle_info(&mut self, message: Term, context: &Context) -> Return {
        // `{'EXIT',Pid,Reason}`; anything else is logged in OTP, and that is all.
        match message.as_tuple() {
            Some([tag, Term::Pid(pid), reason]) if tag.is_atom("EXIT") => {
                self.ended(pid, reason, context).into()
            }
            _ => Return::NoReply,
        }
    }

    fn terminate(&mut self, _: &Term, context: &Context) {
        match self.is_simple() {
            true => stop_instances(self.instances.all(), self.template().shutdown, context),
            false => stop_all(&mut self.children, 0, context),
        }
    }

    /// `extra` is what the callback module's `init` gave, which the node asked it for.
    fn code_change(_: Change, state: Term, extra: Term) -> Result<Term, Term> {
        let mut supervisor: Supervisor = match upheaval_term::from_term(&state) {
            Ok(supervisor) => supervisor,
            // It was replaced by something else.
            Err(_) => error(Term::atom("function_clause")),
        };
        supervisor.change(extra)?;
        Ok(written(&supervisor))
    }
}

fn stop(what: &'static str, why: Term) -> Init<Supervisor> {
    Init::Stop(Term::tuple([Term::Atom(Atom::from_static(what)), why]))
}
