//! A plan as text: a numbered list that people read, and a regression file.

use std::fmt;

use super::words::{FORMAT, FORMAT_LINE, Name};
use super::{ChildRequest, Fault, Op, Plan, Schedule, Step, SystemMessage};
use crate::scenario::{ChildRef, Kind};

/// Where the `|` stands at most, so that one long op does not push all of them
/// off the screen.
const WIDEST_OP: usize = 52;

/// The text of a plan, which [`str::parse`] reads back.
///
/// ```
/// use upheaval::plan::{Op, Plan, Schedule, Step};
///
/// let upgrade = Op::Upgrade { module: "counter".into(), vsn: "2".into() };
/// let purge = Op::Purge { module: "counter".into() };
/// let plan = Plan {
///     scenario: "default".into(),
///     seed: 7,
///     schedule: Schedule::Random,
///     steps: vec![
///         Step { op: upgrade, steps: 2, seed: 0 },
///         Step { op: purge, steps: 0, seed: 0 },
///     ],
/// };
/// assert_eq!(
///     plan.to_string(),
///     "\
/// ## upheaval plan, format 1
/// scenario default
/// seed 0x0000000000000007
/// 1. upgrade counter 2 | 2 steps
/// 2. purge counter
/// "
/// );
/// ```
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# {FORMAT_LINE} {FORMAT}")?;
        writeln!(f, "scenario {}", Name(&self.scenario))?;
        writeln!(f, "seed {:#018x}", self.seed)?;
        if let Schedule::Pct { depth, over } = self.schedule {
            writeln!(f, "schedule pct {depth} over {over}")?;
        }
        let ops: Vec<String> = self.steps.iter().map(|step| step.op.to_string()).collect();
        let digits = self.steps.len().to_string().len();
        let width = self
            .steps
            .iter()
            .zip(&ops)
            .filter(|(step, _)| !is_calm(step))
            .map(|(_, op)| op.chars().count())
            .filter(|width| *width <= WIDEST_OP)
            .max()
            .unwrap_or(0);
        for (number, (step, op)) in (1..).zip(self.steps.iter().zip(&ops)) {
            write!(f, "{number:>digits$}. ")?;
            match (step.steps, step.seed) {
                (0, 0) => write!(f, "{op}")?,
                (0, seed) => write!(f, "{op:<width$} | seed {seed:#010x}")?,
                (steps, 0) => write!(f, "{op:<width$} | {}", Count(steps))?,
                (steps, seed) => write!(f, "{op:<width$} | {}, seed {seed:#010x}", Count(steps))?,
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// The op as it stands in a plan, without number and interleaving.
///
/// ```
/// use upheaval::plan::Op;
///
/// let op = Op::Kill { process: "counter".into() };
/// assert_eq!(op.to_string(), "kill counter");
/// ```
impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Request { client, request } => {
                let verb = match request.kind {
                    Kind::Call => "calls",
                    Kind::Cast => "casts",
                    Kind::Send => "sends",
                    Kind::Notify => "notifies",
                    Kind::Manage => "manages",
                    Kind::Ask => "asks",
                };
                let to = Name(&request.to);
                write!(f, "client {client} {verb} {to} {}", request.payload)?;
                write_within(f, request.within)
            }
            Op::Load { module, vsn } => write!(f, "load {} {}", Name(module), Name(vsn)),
            Op::Upgrade { module, vsn } => write!(f, "upgrade {} {}", Name(module), Name(vsn)),
            Op::Faulty {
                way,
                module,
                vsn,
                fault,
            } => write!(f, "{} {} {}, {fault}", way.name(), Name(module), Name(vsn)),
            Op::FaultyRelease { of, fault } => write!(f, "{of}, {fault}"),
            Op::Purge { module } => write!(f, "purge {}", Name(module)),
            Op::LoadBinary { module, vsn } => {
                write!(f, "load_binary {} {}", Name(module), Name(vsn))
            }
            Op::Reload { module, vsn } => write!(f, "reload {} {}", Name(module), Name(vsn)),
            Op::SoftPurge { module } => write!(f, "soft_purge {}", Name(module)),
            Op::Delete { module } => write!(f, "delete {}", Name(module)),
            Op::Stick { module } => write!(f, "stick {}", Name(module)),
            Op::Unstick { module } => write!(f, "unstick {}", Name(module)),
            Op::System {
                process,
                message,
                within,
            } => {
                write_system(f, &Name(process), message)?;
                write_within(f, *within)
            }
            Op::Exit { process, reason } => write!(f, "exit {} {reason}", Name(process)),
            Op::Kill { process } => write!(f, "kill {}", Name(process)),
            Op::Storm { process, kills } => write!(f, "kill {} {kills} times", Name(process)),
            Op::Crash { process } => write!(f, "crash {}", Name(process)),
            Op::Freeze { process } => write!(f, "freeze {}", Name(process)),
            Op::Thaw { process } => write!(f, "thaw {}", Name(process)),
            Op::Start { process } => write!(f, "start {}", Name(process)),
            Op::Child {
                supervisor,
                request,
            } => write_child(f, &Name(supervisor), request),
            Op::Release { step, vsn } => write!(f, "{} {}", step.name(), Name(vsn)),
            Op::Application {
                step,
                application,
                vsn,
            } => write!(f, "{} {} {}", step.name(), Name(application), Name(vsn)),
            Op::Advance { ms } => write!(f, "advance {ms} ms"),
        }
    }
}

/// How long is waited for an answer, where that is said.
fn write_within(f: &mut fmt::Formatter<'_>, within: Option<u32>) -> fmt::Result {
    within.map_or(Ok(()), |ms| write!(f, " within {ms} ms"))
}

/// What goes wrong, as it stands behind the op.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Artifact(damage) => f.write_str(damage.name()),
            Fault::ArtifactOf { damage, module } => {
                write!(f, "{} {}", damage.name(), Name(module))
            }
            Fault::Meanwhile {
                what,
                process,
                once,
            } => write!(f, "{} {} once {}", what.name(), Name(process), once.name()),
        }
    }
}

fn write_system(
    f: &mut fmt::Formatter<'_>,
    process: &Name<'_>,
    message: &SystemMessage,
) -> fmt::Result {
    match message {
        SystemMessage::Suspend => write!(f, "suspend {process}"),
        SystemMessage::Resume => write!(f, "resume {process}"),
        SystemMessage::GetState => write!(f, "get_state {process}"),
        SystemMessage::ReplaceState(state) => write!(f, "replace_state {process} with {state}"),
        SystemMessage::FailToReplace(why) => write!(f, "replace_state {process} raising {why}"),
        SystemMessage::GetStatus => write!(f, "get_status {process}"),
        SystemMessage::ChangeCode { vsn, down: true } => {
            write!(f, "change_code {process} down {}", Name(vsn))
        }
        // A version of that name is not the word for the way down.
        SystemMessage::ChangeCode { vsn, .. } if vsn == "down" => {
            write!(f, "change_code {process} \"down\"")
        }
        SystemMessage::ChangeCode { vsn, .. } => {
            write!(f, "change_code {process} {}", Name(vsn))
        }
        SystemMessage::Terminate(why) => write!(f, "terminate {process} {why}"),
        SystemMessage::Other(message) => write!(f, "system {process} {message}"),
    }
}

fn write_child(
    f: &mut fmt::Formatter<'_>,
    supervisor: &Name<'_>,
    request: &ChildRequest,
) -> fmt::Result {
    match request {
        ChildRequest::Start(start) => write!(f, "start_child {supervisor} {start}"),
        ChildRequest::Terminate(child) => write!(f, "terminate_child {supervisor} {child}"),
        ChildRequest::Restart(id) => write!(f, "restart_child {supervisor} {id}"),
        ChildRequest::Delete(id) => write!(f, "delete_child {supervisor} {id}"),
        ChildRequest::GetSpec(child) => write!(f, "get_childspec {supervisor} {child}"),
    }
}

impl fmt::Display for ChildRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChildRef::Id(id) => write!(f, "{id}"),
            ChildRef::Whereis(name) => write!(f, "whereis({})", Name(name)),
        }
    }
}

/// Whether nothing is written after the op.
fn is_calm(step: &Step) -> bool {
    step.steps == 0 && step.seed == 0
}

/// So many scheduler steps.
struct Count(u32);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 step"),
            n => write!(f, "{n} steps"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::test_plans::{at, calls, one_of_each_op};

    #[test]
    fn every_op_prints_as_a_line_that_a_person_can_read() {
        assert_eq!(
            one_of_each_op().to_string(),
            "\
# upheaval plan, format 1
scenario default
seed 0x9f3a12cc00000001
 1. client 2 calls counter {add,5} | 3 steps, seed 0x0badf00d
 2. client 1 casts counter reset   | 1 step
 3. client 3 asks echo hello
 4. load ledger 2
 5. load_binary ledger 1           | 1 step
 6. reload ledger 2                | 1 step
 7. upgrade counter 2              | 2 steps
 8. purge stuck_loop               | seed 0x00000001
 9. soft_purge stuck_loop
10. delete ledger
11. stick ledger
12. unstick ledger
13. suspend counter
14. resume counter
15. get_state counter
16. replace_state counter with #{count => 3}
17. replace_state counter raising boom
18. get_status counter
19. change_code counter 2
20. change_code counter down 1 within 100 ms
21. terminate counter {shutdown,now}
22. system counter hello
23. exit counter normal
24. kill counter
25. start stray
26. start_child sup #{id => spare,restart => transient,start => {echo,start_link,[spare,0]}}
27. terminate_child sup spare
28. terminate_child sup whereis(spare)
29. restart_child sup spare
30. delete_child sup spare
31. get_childspec sup spare
32. advance 5000 ms
33. unpack_release 2
34. check_install_release 2
35. install_release 2
36. make_permanent 2
37. remove_release 1
38. reboot_old_release 1
39. upgrade_app shop 2
40. downgrade_app shop 2
41. load ledger 2, truncated
42. load_binary ledger 2, swapped
43. reload ledger 2, missing
44. upgrade counter 2, killing counter once suspended
45. upgrade counter 2, freezing counter once loaded
46. kill counter 3 times
47. crash counter
48. freeze counter
49. thaw counter
50. reload ledger 2, stale
51. install_release 2, truncated counter
52. upgrade_app shop 2, stale counter
"
        );
    }

    #[test]
    fn a_long_op_does_not_push_the_others_aside() {
        let long = format!("{{note,{}}}", "x".repeat(60));
        let plan = Plan {
            scenario: "default".into(),
            seed: 0,
            schedule: Schedule::Random,
            steps: vec![
                at(1, 0, calls(1, "counter", &long)),
                at(2, 0, calls(1, "a", "b")),
            ],
        };
        let text = plan.to_string();
        assert!(text.contains("2. client 1 calls a b | 2 steps\n"), "{text}");
    }

    #[test]
    fn an_empty_plan_has_a_head_and_no_steps() {
        let plan = Plan {
            scenario: "a b".into(),
            seed: 1,
            schedule: Schedule::Random,
            steps: Vec::new(),
        };
        assert_eq!(
            plan.to_string(),
            "# upheaval plan, format 1\nscenario \"a b\"\nseed 0x0000000000000001\n"
        );
    }
}
