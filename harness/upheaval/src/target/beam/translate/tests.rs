use super::*;
use crate::scenario::{Module, StateModel, Switch};

/// Two processes, a client and a server, before whatever a test tells.
const CAST: &str = "{spawned,<0.1.0>,none,server,counter} {registered,<0.1.0>,counter} \
                    {spawned,<0.2.0>,none,plain,upheaval_client} {registered,<0.2.0>,client_1}";

/// `counter`, whose version 2 has a total.
fn scenario() -> Scenario {
    let model = StateModel::new(|vsn, state| {
        let field = if vsn == "1" { "count" } else { "total" };
        state.get(field).cloned().ok_or("no such field".into())
    });
    Scenario::new("counter", "a counter").module(Module::new("counter", Switch::Load).model(model))
}

/// Translates events, given one after the other, to the lines of a history.
fn told(events: &str) -> Vec<String> {
    history(events)
        .print()
        .lines()
        .map(|line| {
            line.trim_start()
                .split_once("  ")
                .map_or(line, |(_, text)| text)
        })
        .map(str::to_owned)
        .collect()
}

fn history(events: &str) -> History {
    let mut history = History::new();
    translate(&scenario(), &Marks::new(), &parse(events), &mut history).unwrap();
    history
}

/// Each event gets a number, and no time.
fn parse(events: &str) -> Vec<Term> {
    let mut rest = events.trim_start();
    let mut parsed = Vec::new();
    while !rest.is_empty() {
        let (what, length) = upheaval_term::text::parse_prefix(rest).unwrap();
        let number = Term::Int(parsed.len() as i64 + 1);
        parsed.push(Term::tuple([number, Term::Int(0), what]));
        rest = rest[length..].trim_start();
    }
    parsed
}

/// The lines from the first that holds `start`.
fn from(lines: Vec<String>, start: &str) -> Vec<String> {
    let at = lines.iter().position(|line| line.contains(start));
    lines[at.unwrap_or_else(|| panic!("no {start} in {lines:#?}"))..].to_vec()
}

#[test]
fn a_call_is_sent_received_replied_and_answered() {
    let lines = told(&format!(
        "{CAST} {{calling,<0.2.0>,counter,get}} \
         {{sent,call,<0.2.0>,<0.1.0>,#Ref<0.0.0.7>,get}} \
         {{received,<0.1.0>,{{counter,\"1\"}},call,#Ref<0.0.0.7>,get}} \
         {{replied,<0.1.0>,#Ref<0.0.0.7>,#Ref<0.0.0.7>,call}} \
         {{called,<0.2.0>,{{reply,5}}}}"
    ));
    assert_eq!(
        from(lines, "called"),
        [
            "client_1<2> called counter<1>: #1 get",
            "counter<1> received #1 get in counter 1",
            "counter<1> replied to #1 get",
            "client_1<2> got 5 for #1 get",
        ]
    );
}

#[test]
fn a_call_to_nobody_was_sent_to_nobody_and_ends_with_noproc() {
    let lines = told(&format!(
        "{CAST} {{calling,<0.2.0>,gone,get}} \
         {{called,<0.2.0>,{{exit,{{noproc,{{gen_server,call,[gone,get]}}}}}}}}"
    ));
    let lines = from(lines, "called");
    assert!(lines[0].contains("nobody"), "{lines:?}");
    assert!(
        lines[1].contains("noproc") && !lines[1].contains("gen_server"),
        "{lines:?}"
    );
}

#[test]
fn of_two_casts_that_say_the_same_the_older_is_received_first() {
    let history = history(&format!(
        "{CAST} {{sent,cast,<0.2.0>,<0.1.0>,none,{{add,1}}}} \
         {{sent,cast,<0.2.0>,counter,none,{{add,1}}}} \
         {{received,<0.1.0>,none,cast,none,{{add,1}}}} \
         {{received,<0.1.0>,none,cast,none,{{add,1}}}}"
    ));
    let received: Vec<u32> = history
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::Received { message, .. } => Some(message.0),
            _ => None,
        })
        .collect();
    assert_eq!(received, [1, 2]);
}

#[test]
fn a_cast_that_nobody_received_stays_open() {
    let history = history(&format!(
        "{CAST} {{sent,cast,<0.2.0>,<0.1.0>,none,{{add,1}}}}"
    ));
    let received = history
        .events()
        .iter()
        .any(|event| matches!(event, Event::Received { .. }));
    assert!(!received);
}

#[test]
fn a_timers_message_was_sent_by_nobody_who_was_seen_and_a_down_is_no_message() {
    let lines = told(&format!(
        "{CAST} {{received,<0.1.0>,none,info,none,tick}} \
         {{received,<0.1.0>,none,info,none,{{'DOWN',#Ref<0.0.0.9>,process,<0.2.0>,normal}}}}"
    ));
    let lines = from(lines, "tick");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[1].contains("received #1"), "{lines:?}");
}

#[test]
fn a_version_is_current_as_soon_as_somebody_runs_it_and_once_only() {
    let lines = told(&format!(
        "{CAST} {{loads,counter,\"2\",none}} {{entered,<0.1.0>,{{counter,\"2\"}}}} \
         {{loaded,counter,\"2\",{{module,counter}},true,false}}"
    ));
    assert_eq!(
        from(lines, "loaded"),
        ["loaded counter 2", "counter<1> entered counter 2"]
    );
}

#[test]
fn what_a_call_has_loaded_right_before_is_loaded_twice() {
    let told = |between: &str| {
        told(&format!(
            "{CAST} {{deleted,counter,\"1\"}} {{loads,counter,\"2\",none}} {between} \
             {{loaded,counter,\"2\",{{module,counter}},true,true}}"
        ))
    };
    let loads = |lines: Vec<String>| from(lines, "deleted").concat().matches("loaded").count();
    assert_eq!(loads(told("")), 2);
    assert_eq!(loads(told("{autoloaded,counter,\"2\"}")), 2);
    assert_eq!(loads(told("{entered,<0.1.0>,{counter,\"2\"}}")), 2);
}

#[test]
fn a_load_that_was_refused_loads_nothing() {
    let lines = told(&format!(
        "{CAST} {{loads,counter,\"2\",none}} {{loaded,counter,\"2\",{{error,not_purged}},true,false}}"
    ));
    assert!(
        lines.iter().all(|line| !line.contains("loaded")),
        "{lines:?}"
    );
}

#[test]
fn a_purge_counts_whom_it_killed() {
    let lines = told(&format!(
        "{CAST} {{purge_kill,<0.1.0>}} {{exited,<0.1.0>,killed}} {{purged,counter,\"1\"}} \
         {{purged,ledger,\"1\"}}"
    ));
    let lines = from(lines, "purged counter 1");
    assert!(lines[0].contains("1 killed"), "{lines:?}");
    assert!(!lines[1].contains("1 killed"), "{lines:?}");
}

#[test]
fn what_is_no_event_is_an_error_that_shows_it() {
    let error = translate(
        &scenario(),
        &Marks::new(),
        &parse("{spawned,nobody}"),
        &mut History::new(),
    )
    .unwrap_err();
    assert!(error.to_string().contains("{spawned,nobody}"), "{error}");
    let error = translate(
        &scenario(),
        &Marks::new(),
        &[Term::atom("noise")],
        &mut History::new(),
    )
    .unwrap_err();
    assert!(error.to_string().contains("noise"), "{error}");
}

#[test]
fn the_clock_counts_from_the_whole_second_before_the_case() {
    let events: Vec<Term> = parse("{op_begins,0} {op_begins,1}")
        .into_iter()
        .zip([-1_500_000_000_i64, -900_000_000])
        .map(|(event, time)| match event {
            Term::Tuple(mut parts) => {
                parts[1] = Term::Int(time);
                Term::Tuple(parts)
            }
            other => other,
        })
        .collect();
    let known = translate(&scenario(), &Marks::new(), &events, &mut History::new()).unwrap();
    // Minus 1.5 s is half a second after the second before it.
    assert_eq!(known.clock(), [500, 500, 1100]);
}

#[test]
fn a_question_that_a_worker_answers_was_taken_by_whom_it_went_to() {
    let history = history(&format!(
        "{CAST} {{spawned,<0.3.0>,none,plain,echo}} {{spawned,<0.4.0>,<0.3.0>,plain,echo}} \
         {{sent,ask,<0.2.0>,<0.3.0>,#Ref<0.0.0.7>,hello}} \
         {{replied,<0.4.0>,<0.2.0>,#Ref<0.0.0.7>,{{#Ref<0.0.0.7>,hello}}}}"
    ));
    let received = history.events().iter().find_map(|event| match event {
        Event::Received { process, .. } => Some(process.0),
        _ => None,
    });
    assert_eq!(received, Some(3));
}

#[test]
fn a_message_that_a_server_waited_for_inside_a_callback_has_been_taken() {
    let events = format!(
        "{CAST} {{sent,info,<0.2.0>,<0.1.0>,none,{{done,1}}}} \
         {{sent,cast,<0.2.0>,<0.1.0>,none,{{add,1}}}}"
    );
    let mut history = History::new();
    let known = translate(&scenario(), &Marks::new(), &parse(&events), &mut history).unwrap();
    let looks = "[{<0.1.0>,counter,counter,\"1\",none,0,false,false,false}]";
    known.take_what_was_received_unseen(&mut history, &looks.parse().unwrap());
    let received: Vec<u32> = (history.events().iter())
        .filter_map(|event| match event {
            Event::Received { message, .. } => Some(message.0),
            _ => None,
        })
        .collect();
    // The cast is seen where a server takes it: this one was lost.
    assert_eq!(received, [1]);
}

#[test]
fn a_caller_that_is_killed_in_a_call_has_no_end_of_it() {
    let calls = "{calling,<0.2.0>,counter,get} {sent,call,<0.2.0>,<0.1.0>,#Ref<0.0.0.7>,get}";
    for why in ["killed", "{shutdown,restart}"] {
        let lines = told(&format!(
            "{CAST} {calls} {{called,<0.2.0>,{{exit,{why}}}}} {{exited,<0.2.0>,{why}}}"
        ));
        let lines = from(lines, "called");
        assert_eq!(lines[1..], [format!("client_1<2> exited {why}")]);
    }
}

#[test]
fn a_message_whose_callback_was_not_seen_is_received_in_no_known_version() {
    let lines = told(&format!(
        "{CAST} {{entered,<0.1.0>,{{counter,\"1\"}}}} \
         {{sent,cast,<0.2.0>,<0.1.0>,none,reset}} {{received,<0.1.0>,none,cast,none,reset}}"
    ));
    assert_eq!(lines[lines.len() - 1], "counter<1> received #1 reset");
}

#[test]
fn a_request_that_is_no_call_owes_no_end() {
    let history = history(&format!(
        "{CAST} {{sent,call,<0.2.0>,<0.1.0>,#Ref<0.0.0.7>,get}} \
         {{received,<0.1.0>,none,call,#Ref<0.0.0.7>,get}} \
         {{replied,<0.1.0>,#Ref<0.0.0.7>,#Ref<0.0.0.7>,call}}"
    ));
    let sent = history.events().iter().find_map(|event| match event {
        Event::Sent { carrier, .. } => Some(*carrier),
        _ => None,
    });
    assert_eq!(sent, Some(Carrier::Info));
}

#[test]
fn a_load_that_purges_first_is_purged_before_anybody_runs_it() {
    let lines = told(&format!(
        "{CAST} {{loads,counter,\"3\",\"1\"}} {{purge_kill,<0.2.0>}} \
         {{entered,<0.1.0>,{{counter,\"3\"}}}} {{loaded,counter,\"3\",{{module,counter}},true,false}}"
    ));
    let lines = from(lines, "purged");
    assert!(lines[0].contains("purged counter 1"), "{lines:?}");
    assert_eq!(
        lines[1..],
        ["loaded counter 3", "counter<1> entered counter 3"]
    );
}

#[test]
fn a_load_that_fails_has_purged_only_if_the_old_code_is_gone() {
    let failed = |old: &str| {
        told(&format!(
            "{CAST} {{loads,counter,\"3\",\"1\"}} \
             {{loaded,counter,\"3\",{{error,badfile}},{old},false}}"
        ))
        .iter()
        .any(|line| line.contains("purged counter 1"))
    };
    assert!(failed("false"));
    assert!(!failed("true"));
}

#[test]
fn a_state_that_the_new_version_cannot_read_is_unreadable_by_the_model() {
    let met = |state: &str| {
        told(&format!(
            "{CAST} {{met,<0.1.0>,{{counter,\"1\"}},{{counter,\"2\"}},{state}}}"
        ))
        .iter()
        .any(|line| line.contains("read"))
    };
    assert!(met("#{count => 1}"));
    assert!(!met("#{total => 1}"));
}

#[test]
fn c12_a_restart_ends_everybody_once_and_the_numbers_go_on() {
    let lines = told(&format!(
        "{CAST} {{exited,<0.2.0>,oops}} {{restarted}} {{spawned,<0.9.0>,none,server,counter}} \
         {{registered,<0.9.0>,counter}}"
    ));
    let lines = from(lines, "the node restarts");
    assert_eq!(lines[1], "counter<1> exited killed");
    assert!(
        !lines.iter().any(|line| line.contains("<2> exited")),
        "{lines:?}"
    );
    let last = &lines[lines.len() - 2..];
    assert_eq!(last[0], "process<3> spawned to run counter");
    assert_eq!(last[1], "process<3> registered as counter");
}

#[test]
fn what_an_op_is_is_told_and_a_fault_at_a_name_that_nobody_has_is_none() {
    let lines = told(&format!(
        "{CAST} {{op_begins,0}} {{upgrades,release,shop,\"2\"}} {{op_ends,ok}} \
         {{op_begins,1}} {{fault,counter}} {{fault,nobody}} {{fault}} {{op_ends,ok}}"
    ));
    assert_eq!(
        from(lines, "op 1 begins"),
        [
            "op 1 begins",
            "release 2 of shop is installed",
            "op 1 ends: ok",
            "op 2 begins",
            "the plan makes a fault at counter<1>",
            "the plan makes a fault",
            "op 2 ends: ok",
        ]
    );
}
