//! The supervisor's callbacks, as a `gen_server` has them.

use upheaval_module::abi::Table;
use upheaval_module::behaviour::{CallReturn, Change, GenServer, Init, RestartType, Return};
use upheaval_module::{Caller, Context, error};
use upheaval_term::{Atom, Term};

use super::books::{Supervisor, written};
use super::check;
use super::instances::Instances;
use super::start::{Failed, start_all};
use super::stop::{stop_all, stop_instances};

/// The name of the module.
pub(crate) const MODULE: &str = "supervisor";

/// The module, as a node finds it in any other library.
pub(crate) const TABLE: Table = Table::gen_server::<Supervisor>(MODULE, "1");

/// What a supervisor is started with: its callback module, and what that is given.
pub(crate) fn start_args(module: &str, args: Term) -> Term {
    let module = Atom::new(module).map_or(Term::atom("undefined"), Term::Atom);
    Term::tuple([module, args])
}

/// The callback module in a supervisor's state, and what that is given. A term that is
/// no such state has none.
pub(crate) fn callback_of(state: &[u8]) -> Option<(Atom, Term)> {
    let supervisor: Supervisor = upheaval_term::from_slice(state).ok()?;
    Some((supervisor.module, supervisor.args))
}

impl GenServer for Supervisor {
    type Args = (Atom, Term);
    type Call = Term;
    type Reply = Term;
    type Cast = Term;
    type Info = Term;

    fn init((module, args): Self::Args, context: &Context) -> Init<Self> {
        context.trap_exit(true);
        let given = context.supervisor_init(module.as_str(), &args);
        if given.is_atom("ignore") {
            return Init::Ignore;
        }
        let Some((flags, specs)) = check::parts(&given) else {
            let init = Term::tuple([Term::Atom(module), Term::atom("init"), given]);
            return stop("bad_return", init);
        };
        let flags = match check::flags(flags) {
            Ok(flags) => flags,
            Err(why) => return stop("supervisor_data", why),
        };
        let auto_shutdown = flags.auto_shutdown;
        let mut supervisor = Supervisor {
            module,
            args,
            flags,
            children: Vec::new(),
            instances: Instances::new(false),
            restarts: Vec::new(),
        };
        if supervisor.is_simple() && specs.as_list().is_none_or(|specs| specs.len() != 1) {
            return stop("bad_start_spec", specs.clone());
        }
        supervisor.children = match check::specs(specs, auto_shutdown) {
            Ok(children) => children,
            Err(why) => return stop("start_spec", why),
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
