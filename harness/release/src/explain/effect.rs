//! What each instruction does, and to which processes.

use upheaval_term::{Atom, Term};

use super::Upgrade;
use super::words::{either, list};
use crate::{Application, Direction, LowLevel, Mfa, Nodes, Suspend, Timeout};

/// What the instruction of this number does.
pub(super) fn of(upgrade: &Upgrade, script: &[LowLevel], number: usize) -> String {
    let before = &script[..number];
    match &script[number] {
        LowLevel::LoadObjectCode {
            library,
            vsn,
            modules,
        } => format!(
            "reads the object code of {} from the ebin of {library}-{vsn}; no process notices. \
             A file that is missing fails the install here",
            list(modules)
        ),
        LowLevel::PointOfNoReturn => "puts the new versions into the code path. Whatever fails \
                                      before leaves the code as it was; whatever fails after \
                                      restarts the node with the release that ran before (C12)"
            .into(),
        LowLevel::Load { module, .. } => load(upgrade, before, module),
        LowLevel::Remove { module, .. } => format!(
            "makes {module}'s current code old; from here on a call of {module} fails with undef"
        ),
        LowLevel::Purge(modules) => format!(
            "kills every process that still runs old code of {}, and removes that code",
            list(modules)
        ),
        LowLevel::Suspend(modules) => suspend(modules),
        LowLevel::Resume(modules) => format!(
            "lets the processes that were suspended for {} go on, with the messages that have \
             come meanwhile",
            list(modules)
        ),
        LowLevel::CodeChange { direction, modules } => {
            let direction = direction.unwrap_or(Direction::Up);
            code_change(direction, before, modules)
        }
        LowLevel::Stop(modules) => format!(
            "has the processes whose child spec lists {} terminated by their supervisors; their \
             state and their messages are lost",
            list(modules)
        ),
        LowLevel::Start(modules) => format!(
            "has the processes that were stopped for {} restarted by their supervisors, from \
             init on",
            list(modules)
        ),
        LowLevel::SyncNodes { nodes, .. } => {
            let nodes = match nodes {
                Nodes::Named(nodes) => list(nodes),
                Nodes::Given(mfa) => format!("the nodes that {} gives", call(mfa)),
            };
            format!(
                "waits until {nodes} come to the same point; meanwhile what is suspended stays so"
            )
        }
        LowLevel::Apply(mfa) => apply(mfa),
        LowLevel::RestartNewEmulator => "restarts the node with the new emulator, kernel, stdlib \
                                         and sasl and everything else as it was; the script goes \
                                         on after that. All processes and their states are lost"
            .into(),
        LowLevel::RestartEmulator => "restarts the node with the new release. All processes and \
                                      their states are lost, and each starts from init"
            .into(),
        LowLevel::Restart | LowLevel::Reboot => "does nothing: no release handler knows it".into(),
    }
}

fn load(upgrade: &Upgrade, before: &[LowLevel], module: &Atom) -> String {
    let removed = before
        .iter()
        .any(|step| matches!(step, LowLevel::Remove { module: removed, .. } if removed == module));
    let known = upgrade
        .from
        .iter()
        .any(|application| application.modules.contains(module));
    if removed || !known {
        return format!("loads {module}, of which no process runs any code yet");
    }
    let how = if is_suspended(before, module) {
        format!(
            "the suspended processes run it once they go on; one that is not suspended enters it \
             at its next call of {module}"
        )
    } else {
        format!("its processes are not suspended; each enters it at its next call of {module}")
    };
    let has = |application: &&Application| application.modules.contains(module);
    let release = match upgrade.to.iter().find(has) {
        Some(Application { name, vsn, .. }) => format!("of {name}-{vsn}"),
        None => "that was read".into(),
    };
    format!("makes the {module} {release} current, and the one until now old; {how}")
}

fn suspend(modules: &[Suspend]) -> String {
    let names: Vec<&Atom> = modules.iter().map(|suspend| &suspend.module).collect();
    let limits = match modules.split_first() {
        Some((first, rest))
            if rest
                .iter()
                .any(|one| limit(one.timeout) != limit(first.timeout)) =>
        {
            let each =
                |suspend: &Suspend| format!("{} ({})", limit(suspend.timeout), suspend.module);
            either(&modules.iter().map(each).collect::<Vec<_>>())
        }
        Some((first, _)) => limit(first.timeout),
        None => limit(None),
    };
    format!(
        "suspends the processes whose child spec lists {}, in the supervision trees of all \
         applications, the newest child first, one after the other, each within {limits}. A \
         suspended process takes no message but those of sys; the others wait in its mailbox",
        either(&names)
    )
}

/// How long each suspend may take.
pub(super) fn limit(timeout: Option<Timeout>) -> String {
    match timeout {
        None | Some(Timeout::Default) => "5 s".into(),
        Some(Timeout::Infinity) => "any time".into(),
        Some(Timeout::Milliseconds(ms)) => format!("{ms} ms"),
    }
}

fn code_change(direction: Direction, before: &[LowLevel], modules: &[(Atom, Term)]) -> String {
    let is_loaded = |module: &Atom| {
        before
            .iter()
            .any(|step| matches!(step, LowLevel::Load { module: loaded, .. } if loaded == module))
    };
    let told = match direction {
        Direction::Up => "the version that it had until now",
        Direction::Down => "{down,Vsn}, the version that is gone to",
    };
    let code = |module: &Atom| match (direction, is_loaded(module)) {
        (Direction::Up, true) => "in its new code",
        (Direction::Down, true) => "in the older code, which is loaded already",
        (_, false) => "in the code that still runs",
    };
    let calls: Vec<String> = modules
        .iter()
        .map(|(module, extra)| format!("of {module} {} with the extra term {extra}", code(module)))
        .collect();
    format!(
        "calls code_change in each process that is suspended for it: {}; it is told {told}. If \
         one fails, or is dead, the install fails, and the node restarts",
        list(&calls)
    )
}

fn apply(mfa: &Mfa) -> String {
    let application = |function: &str| -> Option<&Term> {
        let is = mfa.module == *"application" && mfa.function == *function;
        mfa.args.first().filter(|_| is)
    };
    if let Some(name) = application("stop") {
        return format!("stops {name}: its supervisors end all of its processes");
    }
    if let Some(name) = application("start") {
        return format!("starts {name}: its processes begin with init");
    }
    if let Some(name) = application("unload") {
        return format!("forgets the application {name}, and its environment");
    }
    if let Some(name) = application("load") {
        return format!("makes the application {name} known, and does not start it");
    }
    format!(
        "calls {} in the release handler, which waits for it; if it raises, the install fails",
        call(mfa)
    )
}

fn call(mfa: &Mfa) -> String {
    let args: Vec<String> = mfa.args.iter().map(ToString::to_string).collect();
    format!("{}:{}({})", mfa.module, mfa.function, args.join(", "))
}

/// Whether the processes of a module are suspended after these steps.
pub(super) fn is_suspended(steps: &[LowLevel], module: &Atom) -> bool {
    let mut suspended = false;
    for step in steps {
        match step {
            LowLevel::Suspend(modules) => {
                suspended |= modules.iter().any(|suspend| suspend.module == *module);
            }
            LowLevel::Resume(modules) if modules.contains(module) => suspended = false,
            _ => {}
        }
    }
    suspended
}
