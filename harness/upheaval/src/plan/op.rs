//! The ops of a plan.

use upheaval_term::Term;

use super::{Fault, Schedule, Way};
use crate::scenario::{ChildRef, Request, Scenario};

/// One thing that a plan does to the system.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A client is handed a request; it makes it as soon as its earlier ones
    /// are answered.
    Request {
        /// Which client, counted from 1.
        client: u32,
        /// What it asks.
        request: Request,
    },
    /// The artifact of a version is copied over the one that lies there, and
    /// loaded with `code:load_file` (A1: refused while old code exists).
    Load {
        /// The module.
        module: String,
        /// The version whose artifact is copied.
        vsn: String,
    },
    /// The same with `code:load_binary`, which purges hard before it loads (A2).
    LoadBinary {
        /// The module.
        module: String,
        /// The version whose artifact is copied.
        vsn: String,
    },
    /// The same with the shell's `l(Module)`: `code:purge`, then
    /// `code:load_file`.
    Reload {
        /// The module.
        module: String,
        /// The version whose artifact is copied.
        vsn: String,
    },
    /// A whole upgrade, or downgrade, as a release would make it (C2): copy,
    /// purge, suspend every process of the module, load, `code_change`, resume,
    /// with traffic between the steps.
    Upgrade {
        /// The module.
        module: String,
        /// The version to move to.
        vsn: String,
    },
    /// One of those four, and something goes wrong in the middle of it.
    Faulty {
        /// Which of them.
        way: Way,
        /// The module.
        module: String,
        /// The version to move to.
        vsn: String,
        /// What goes wrong.
        fault: Fault,
    },
    /// A function of the release handler that reads artifacts, and something happens to one of
    /// them: `check_install_release`, `install_release`, `upgrade_app` or `downgrade_app`.
    FaultyRelease {
        /// Which of them, and on what.
        of: Box<Op>,
        /// What goes wrong.
        fault: Fault,
    },
    /// `code:purge`: what lingers in old code is killed (A4, A9).
    Purge {
        /// The module.
        module: String,
    },
    /// `code:soft_purge`: old code goes only if nothing lingers in it (A4).
    SoftPurge {
        /// The module.
        module: String,
    },
    /// `code:delete`: what is current becomes old (A3). The next call of the module
    /// loads it again from where its artifact lies.
    Delete {
        /// The module.
        module: String,
    },
    /// `code:stick_mod`: as long as the module is loaded, it is not loaded anew (A13).
    Stick {
        /// The module.
        module: String,
    },
    /// `code:unstick_mod`: that it can be again.
    Unstick {
        /// The module.
        module: String,
    },
    /// A system message to the process of that name.
    System {
        /// The registered name.
        process: String,
        /// The message.
        message: SystemMessage,
        /// How many milliseconds are waited for the answer; none for as many as the
        /// scenario says. What comes too late still takes effect (B5).
        within: Option<u32>,
    },
    /// `exit(Pid, Reason)` to the process of that name.
    Exit {
        /// The registered name.
        process: String,
        /// The reason (E2).
        reason: Term,
    },
    /// `exit(Pid, kill)` to the process of that name, until it is down.
    Kill {
        /// The registered name.
        process: String,
    },
    /// A storm of restarts: the process of that name is killed so many times, each time as
    /// soon as its supervisor has started it again (D4).
    Storm {
        /// The registered name.
        process: String,
        /// How often; at least once.
        kills: u32,
    },
    /// The process of that name is called with what
    /// [no clause of it takes](crate::scenario::Module::crashes_on): its callback crashes.
    Crash {
        /// The registered name.
        process: String,
    },
    /// `erlang:suspend_process`: the process of that name stalls where it is, until it is
    /// thawed, or all is over. It takes nothing and answers nothing; a signal kills it all
    /// the same.
    Freeze {
        /// The registered name.
        process: String,
    },
    /// `erlang:resume_process`: it goes on.
    Thaw {
        /// The registered name.
        process: String,
    },
    /// What is dead is started by hand: an unsupervised process, or the
    /// supervisor with its tree.
    Start {
        /// The registered name.
        process: String,
    },
    /// A supervisor is asked to do something with a child of it.
    Child {
        /// The supervisor's registered name.
        supervisor: String,
        /// What.
        request: ChildRequest,
    },
    /// A function of the release handler, on the release of that version.
    Release {
        /// Which function.
        step: ReleaseStep,
        /// The release's version.
        vsn: String,
    },
    /// A function of the release handler that moves one application alone, to that
    /// version of it.
    Application {
        /// Which function.
        step: ApplicationStep,
        /// The application.
        application: String,
        /// The version to move to.
        vsn: String,
    },
    /// The clock moves on by so many milliseconds; what falls due happens.
    Advance {
        /// Milliseconds of the target's time.
        ms: u32,
    },
}

/// What a process is told by `sys`.
#[derive(Clone, Debug, PartialEq)]
pub enum SystemMessage {
    /// `sys:suspend` (B4).
    Suspend,
    /// `sys:resume` (B4).
    Resume,
    /// `sys:get_state`.
    GetState,
    /// `sys:replace_state`, with a function that gives this state.
    ReplaceState(Term),
    /// `sys:replace_state`, with a function that raises this error (B12).
    FailToReplace(Term),
    /// `sys:get_status`, without the process dictionary and the debug options.
    GetStatus,
    /// `sys:change_code` by hand, with the process's own module and `[]` (B6).
    ChangeCode {
        /// The version that is left; on the way down the one that is to come (B16).
        vsn: String,
        /// Whether it is `{down,Vsn}`.
        down: bool,
    },
    /// `sys:terminate`, with this reason (B11).
    Terminate(Term),
    /// Any other message (B2).
    Other(Term),
}

/// What a supervisor is asked to do with a child.
#[derive(Clone, Debug, PartialEq)]
pub enum ChildRequest {
    /// `supervisor:start_child`, with a child spec, or for a simple_one_for_one with the
    /// list of the arguments that are put behind those of its template.
    Start(Term),
    /// `supervisor:terminate_child`.
    Terminate(ChildRef),
    /// `supervisor:restart_child`, with an id.
    Restart(Term),
    /// `supervisor:delete_child`, with an id.
    Delete(Term),
    /// `supervisor:get_childspec`.
    GetSpec(ChildRef),
}

/// What the release handler can be asked to do with a release (C15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseStep {
    /// `release_handler:unpack_release`: its tarball is unpacked.
    Unpack,
    /// `release_handler:check_install_release`.
    Check,
    /// `release_handler:install_release`: up or down, along the relup.
    Install,
    /// `release_handler:make_permanent`: a restart would start it.
    MakePermanent,
    /// `release_handler:remove_release`.
    Remove,
    /// `release_handler:reboot_old_release`: it is made permanent, and the node starts
    /// anew with it.
    RebootOld,
}

impl ReleaseStep {
    /// All of them.
    pub const ALL: [ReleaseStep; 6] = [
        ReleaseStep::Unpack,
        ReleaseStep::Check,
        ReleaseStep::Install,
        ReleaseStep::MakePermanent,
        ReleaseStep::Remove,
        ReleaseStep::RebootOld,
    ];

    /// The function's name, which is also the op's word in a plan.
    pub const fn name(self) -> &'static str {
        match self {
            ReleaseStep::Unpack => "unpack_release",
            ReleaseStep::Check => "check_install_release",
            ReleaseStep::Install => "install_release",
            ReleaseStep::MakePermanent => "make_permanent",
            ReleaseStep::Remove => "remove_release",
            ReleaseStep::RebootOld => "reboot_old_release",
        }
    }
}

/// How the release handler moves an application without a release (C13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationStep {
    /// `release_handler:upgrade_app`, by the appup of the version that is to come.
    Upgrade,
    /// `release_handler:downgrade_app`, by the appup of the version that runs.
    Downgrade,
}

impl ApplicationStep {
    /// All of them.
    pub const ALL: [ApplicationStep; 2] = [ApplicationStep::Upgrade, ApplicationStep::Downgrade];

    /// The function's name, which is also the op's word in a plan.
    pub const fn name(self) -> &'static str {
        match self {
            ApplicationStep::Upgrade => "upgrade_app",
            ApplicationStep::Downgrade => "downgrade_app",
        }
    }
}

/// The modules that a function of the release handler is to move, each with its application and
/// its place there: `((Application,Vsn),Module,Vsn)`; nothing of what reads no artifact.
pub(crate) fn moved_by<'a>(scenario: &'a Scenario, op: &'a Op) -> Option<Vec<MovedBy<'a>>> {
    let applications: Vec<(&str, &str)> = match op {
        Op::Release {
            step: ReleaseStep::Check | ReleaseStep::Install,
            vsn,
        } => {
            let all = scenario.find_release(vsn)?.applications.iter();
            all.map(|(name, vsn)| (name.as_str(), vsn.as_str()))
                .collect()
        }
        Op::Application {
            application, vsn, ..
        } => vec![(application, vsn)],
        _ => return None,
    };
    let of = |(name, vsn): (&'a str, &'a str)| {
        let version = scenario.find_application(name)?.find_version(vsn)?;
        let modules = version.modules.iter();
        Some(modules.map(move |(module, of)| ((name, vsn), module.as_str(), of.as_str())))
    };
    Some(applications.into_iter().filter_map(of).flatten().collect())
}

/// An application with its version, and a module of it with its own.
pub(crate) type MovedBy<'a> = ((&'a str, &'a str), &'a str, &'a str);

/// An op, and how the system runs on until the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is done.
    pub op: Op,
    /// Scheduler steps to take after it.
    pub steps: u32,
    /// The seed of all that is chosen at random from this op up to the next.
    ///
    /// Each op has its own, so that taking one op out of a plan leaves the
    /// interleaving around the others as it was.
    pub seed: u32,
}

/// What a case does: the scenario by name, and its steps in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The scenario that it was drawn for.
    pub scenario: String,
    /// The seed that it was drawn from.
    pub seed: u64,
    /// Who goes next, on the embedded target.
    pub schedule: Schedule,
    /// The steps, in order.
    pub steps: Vec<Step>,
}
