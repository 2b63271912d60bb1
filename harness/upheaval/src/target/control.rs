//! What a target can do to its system: the few things that ops are made of.

use upheaval_term::Term;

use super::TargetError;
use super::ops::name;
use super::spoilt::Spoilt;
use crate::history::Moved;
use crate::plan::{ApplicationStep, Damage, ReleaseStep};
use crate::scenario::Request;

/// A child of a supervisor that is alive.
#[derive(Clone, Debug)]
pub(super) struct Child {
    /// Its pid, as the target has it.
    pub(super) pid: Term,
    /// The modules of its spec (C5).
    pub(super) modules: Vec<String>,
    /// Whether it is a supervisor itself.
    pub(super) is_supervisor: bool,
}

impl Child {
    /// Whether a child is to be started again, out of what `which_children` gives.
    pub(super) fn is_restarting(children: &Term) -> bool {
        let mut children = children.as_list().unwrap_or_default().iter();
        children.any(|child| {
            let shown = child.as_tuple().and_then(|parts| parts.get(1));
            shown.is_some_and(|shown| shown.is_atom("restarting"))
        })
    }

    /// The living children out of what `which_children` gives.
    pub(super) fn all(children: &Term) -> Vec<Child> {
        let children = children.as_list().unwrap_or_default().iter();
        let living = children.filter_map(|child| {
            let [_, pid, child_type, modules] = child.as_tuple()? else {
                return None;
            };
            let modules = modules.as_list().unwrap_or_default().iter();
            Some(Child {
                pid: Term::Pid(pid.as_pid()?.clone()),
                modules: modules
                    .filter_map(|module| Some(module.as_atom()?.as_str().to_owned()))
                    .collect(),
                is_supervisor: child_type.is_atom("supervisor"),
            })
        });
        living.collect()
    }
}

/// A system message.
#[derive(Clone, Debug)]
pub(super) enum System<'a> {
    /// `sys:suspend(Process, Timeout)`.
    Suspend,
    /// `sys:resume(Process, Timeout)`.
    Resume,
    /// `sys:get_state(Process, Timeout)`.
    GetState,
    /// `sys:replace_state(Process, Fun, Timeout)`, with a function that gives this.
    ReplaceState(&'a Term),
    /// The same, with a function that raises this error.
    FailToReplace(&'a Term),
    /// `sys:get_status(Process, Timeout)`, without the process dictionary and the
    /// debug options.
    GetStatus,
    /// `sys:change_code(Process, Module, Vsn, [], Timeout)`, with `{down,Vsn}` where
    /// it is a downgrade.
    ChangeCode {
        module: &'a str,
        vsn: &'a str,
        down: bool,
    },
    /// `sys:terminate(Process, Reason, Timeout)`.
    Terminate(&'a Term),
    /// `gen:call(Process, system, Message, Timeout)`: what no function of `sys` sends.
    Other(&'a Term),
}

impl System<'_> {
    /// The function of `sys` that sends it, and the arguments between the process and
    /// the timeout.
    pub(super) fn function(&self) -> Option<(&'static str, Vec<Term>)> {
        Some(match self {
            System::Suspend => ("suspend", Vec::new()),
            System::Resume => ("resume", Vec::new()),
            System::GetState => ("get_state", Vec::new()),
            System::GetStatus => ("get_status", Vec::new()),
            System::ChangeCode { module, vsn, down } => {
                let vsn = if *down {
                    Term::tuple([Term::atom("down"), Term::string(vsn)])
                } else {
                    Term::string(vsn)
                };
                let args = vec![name(module), vsn, Term::List(Vec::new())];
                ("change_code", args)
            }
            System::Terminate(why) => ("terminate", vec![(*why).clone()]),
            // The first takes a function, which is no term that could be shown.
            System::ReplaceState(_) | System::FailToReplace(_) | System::Other(_) => return None,
        })
    }
}

/// A process, as a `sys` function takes one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whom<'a> {
    Name(&'a str),
    Pid(&'a Term),
}

/// What the release handler goes by.
#[derive(Clone, Debug)]
pub(super) struct Believed {
    /// The release that runs, by its books.
    pub(super) release: String,
    /// The versions of applications that the code path leads to.
    pub(super) paths: Vec<(String, String)>,
}

/// A system under control. What the system itself answers with an error is a value;
/// an error is that the system is lost.
pub(super) trait Control {
    /// Hands a request to a client.
    fn request(&mut self, client: u32, request: &Request) -> Result<Term, TargetError>;

    /// Copies a version's artifact over the place that its module is loaded from.
    fn deploy(&mut self, module: &str, vsn: &str) -> Result<(), TargetError>;

    /// Takes away or cuts off what lies at the place that a module is loaded from.
    fn damage(&mut self, module: &str, damage: Damage) -> Result<(), TargetError>;

    /// Puts a version of another module there.
    fn swap(&mut self, module: &str, other: &str, vsn: &str) -> Result<(), TargetError>;

    /// `code:load_file(Module)`.
    fn load_file(&mut self, module: &str) -> Result<Term, TargetError>;

    /// `code:load_binary(Module, File, Binary)`, with what lies at the module's place.
    fn load_binary(&mut self, module: &str) -> Result<Term, TargetError>;

    /// The shell's `l(Module)`, where the system has it as one thing; nothing where it
    /// is to be made of a purge and a load.
    fn reload(&mut self, module: &str) -> Result<Option<Term>, TargetError>;

    /// Whether a process of the workload lingers in the module's old code (A5).
    fn lingers(&mut self, module: &str) -> Result<bool, TargetError>;

    /// `code:purge(Module)`.
    fn purge(&mut self, module: &str) -> Result<Term, TargetError>;

    /// `code:soft_purge(Module)`.
    fn soft_purge(&mut self, module: &str) -> Result<Term, TargetError>;

    /// `code:delete(Module)`.
    fn delete(&mut self, module: &str) -> Result<Term, TargetError>;

    /// `code:stick_mod(Module)`, or `code:unstick_mod(Module)`.
    fn stick(&mut self, module: &str, sticky: bool) -> Result<Term, TargetError>;

    /// The version that is current.
    fn current_vsn(&mut self, module: &str) -> Result<Option<String>, TargetError>;

    /// `whereis(Name)`: a pid, or `undefined`.
    fn whereis(&mut self, name: &str) -> Result<Term, TargetError>;

    /// `supervisor:which_children(Pid)`; or `timeout` where it does not answer, or the
    /// reason for which it is not there.
    fn which_children(&mut self, supervisor: &Term) -> Result<Result<Term, Term>, TargetError>;

    /// `gen_server:call`, as `supervisor:start_child` and its like make it: what is
    /// answered, or `{error,Reason}` where nothing is.
    fn call(&mut self, process: &str, request: &Term) -> Result<Term, TargetError>;

    /// How long is waited for the answer to a system message, in milliseconds, where
    /// nothing else is said.
    fn system_patience(&self) -> u32;

    /// Sends a system message and waits so many milliseconds for its answer: what the
    /// function returns, or the reason that it exits with. What comes too late still
    /// takes effect (B5).
    fn system_within(
        &mut self,
        whom: Whom<'_>,
        message: &System<'_>,
        ms: u32,
    ) -> Result<Result<Term, Term>, TargetError>;

    /// The same, with the patience of the scenario.
    fn system(
        &mut self,
        whom: Whom<'_>,
        message: &System<'_>,
    ) -> Result<Result<Term, Term>, TargetError> {
        self.system_within(whom, message, self.system_patience())
    }

    /// Writes down that from here on the plan answers for the state of a process.
    fn interfere(&mut self, whom: Whom<'_>) -> Result<(), TargetError>;

    /// Writes down the same of everybody who is frozen: no upgrade converts their states
    /// (C8).
    fn answer_for_frozen(&mut self) -> Result<(), TargetError>;

    /// Writes down that the op is an upgrade: what it moves, its name, and the version.
    fn upgrades(&mut self, moved: Moved, name: &str, vsn: &str) -> Result<(), TargetError>;

    /// Writes down that the op is a fault, of the process of that name, if there is one,
    /// or of nobody alone.
    fn fault(&mut self, process: Option<&str>) -> Result<(), TargetError>;

    /// What the release handler goes by; nothing where there is none.
    fn believed(&mut self) -> Result<Option<Believed>, TargetError>;

    /// Writes down that what it goes by is not so, for as long as the op takes.
    fn mislead(&mut self) -> Result<(), TargetError>;

    /// `exit(whereis(Name), Reason)`.
    fn exit(&mut self, process: &str, reason: &Term) -> Result<Term, TargetError>;

    /// `exit(whereis(Name), kill)`, and waits for the `DOWN`.
    fn kill(&mut self, process: &str) -> Result<Term, TargetError>;

    /// `erlang:suspend_process(whereis(Name), [unless_suspending])`.
    fn freeze(&mut self, process: &str) -> Result<Term, TargetError>;

    /// `erlang:resume_process(whereis(Name))`; false where it was not frozen.
    fn thaw(&mut self, process: &str) -> Result<Term, TargetError>;

    /// Starts an unsupervised process, or the supervisor with its tree.
    fn start(&mut self, process: &str) -> Result<Term, TargetError>;

    /// A function of the release handler, on the release of that version: what it
    /// returns.
    fn release(&mut self, step: ReleaseStep, vsn: &str) -> Result<Term, TargetError>;

    /// A function of the release handler, on an application that is to get to that
    /// version: what it returns.
    fn application(
        &mut self,
        step: ApplicationStep,
        application: &str,
        vsn: &str,
    ) -> Result<Term, TargetError>;

    /// Puts something else in the place of an artifact, until the next function of the release
    /// handler is done, and before a node that it restarts boots; and writes it down.
    fn spoil(&mut self, spoilt: Spoilt) -> Result<(), TargetError>;

    /// Lets so many milliseconds pass.
    fn advance(&mut self, ms: u32) -> Result<(), TargetError>;

    /// Whether the system comes to rest whenever it runs on.
    fn at_rest(&self) -> bool;

    /// Lets the system run on, for about as much as so many scheduler steps.
    fn run_on(&mut self, steps: u32) -> Result<(), TargetError>;
}
