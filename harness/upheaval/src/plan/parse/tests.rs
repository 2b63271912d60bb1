use proptest::prelude::*;
use upheaval_term::Term;

use super::*;
use crate::plan::Schedule;
use crate::plan::test_plans::one_of_each_op;

/// The error of a plan of these steps, whose first stands in line 3.
fn error_in(steps: &str) -> String {
    let text = format!("scenario default\nseed 0x7\n{steps}\n");
    text.parse::<Plan>().unwrap_err().to_string()
}

fn error(text: &str) -> String {
    text.parse::<Plan>().unwrap_err().to_string()
}

fn kills(steps: &str) -> Vec<String> {
    let text = format!("scenario default\nseed 0x7\n{steps}\n");
    let plan: Plan = text.parse().unwrap();
    plan.steps.iter().map(|step| step.op.to_string()).collect()
}

#[test]
fn a_printed_plan_reads_back_as_itself() {
    let plan = one_of_each_op();
    assert_eq!(plan.to_string().parse(), Ok(plan));
}

#[test]
fn comments_and_blank_lines_may_stand_anywhere() {
    let text = one_of_each_op().to_string();
    let noisy = text.replace('\n', "\n\n  # here\n% and here\r\n");
    assert_eq!(noisy.parse(), Ok(one_of_each_op()));
}

#[test]
fn numbers_before_ops_may_be_left_out_or_have_gaps() {
    assert_eq!(
        kills("kill a\n 7. kill b\nkill c\n12.kill d"),
        ["kill a", "kill b", "kill c", "kill d"]
    );
}

#[test]
fn numbers_before_ops_go_up() {
    assert_eq!(
        error_in("1. kill a\n 1. kill b"),
        "line 4, column 2: step 1 stands after step 1; numbers go up, or are left out"
    );
}

#[test]
fn a_number_before_an_op_ends_in_a_dot() {
    assert_eq!(
        error_in("1 kill a"),
        "line 3, column 3: expected `.`, found `kill`"
    );
    assert_eq!(
        error_in("1) kill a"),
        "line 3, column 2: expected `.`, found `)`"
    );
}

#[test]
fn a_number_before_an_op_that_is_none_is_refused() {
    assert_eq!(
        error_in("99999999999999999999. kill a"),
        "line 3, column 1: expected the number of a step of at most 64 bits, \
         found `99999999999999999999`"
    );
}

#[test]
fn a_text_without_scenario_is_no_plan() {
    assert_eq!(
        error(""),
        "line 1, column 1: expected `scenario <name>`, found the end of the plan"
    );
    assert_eq!(
        error("# upheaval plan, format 1\nseed 0x7"),
        "line 2, column 1: expected `scenario <name>`, found `seed`"
    );
}

#[test]
fn a_text_without_seed_is_no_plan() {
    assert_eq!(
        error("scenario default\n1. kill a"),
        "line 2, column 1: expected `seed <number>`, found `1.`"
    );
    assert_eq!(
        error("scenario default\n"),
        "line 2, column 1: expected `seed <number>`, found the end of the plan"
    );
}

#[test]
fn another_format_is_refused_with_the_one_that_is_read() {
    assert_eq!(
        error("# upheaval plan, format 2\nscenario default\nseed 0x7"),
        "line 1, column 25: the plan has format 2, this build reads format 1; \
         replay it with the build that wrote it"
    );
}

#[test]
fn an_unknown_op_is_refused_with_the_nearest_one() {
    assert_eq!(
        error_in(" 1. upgarde counter 2"),
        "line 3, column 5: expected an op, found `upgarde`; did you mean `upgrade`?"
    );
    assert_eq!(
        error_in("frobnicate"),
        "line 3, column 1: expected an op, found `frobnicate`; it is one of client, load, \
         load_binary, reload, upgrade, purge, soft_purge, delete, stick, unstick, suspend, resume, get_state, replace_state, get_status, change_code, terminate, system, exit, kill, crash, freeze, thaw, start, start_child, terminate_child, restart_child, delete_child, get_childspec, advance, \
         unpack_release, check_install_release, install_release, make_permanent, remove_release, reboot_old_release, upgrade_app, downgrade_app"
    );
    assert_eq!(
        error_in("client 2 call counter read"),
        "line 3, column 10: expected what the client does, found `call`; did you mean `calls`?"
    );
}

#[test]
fn what_an_op_lacks_is_named() {
    let end = "found the end of the line";
    assert_eq!(
        error_in("kill"),
        format!("line 3, column 5: expected the name of a process, {end}")
    );
    assert_eq!(
        error_in("load a"),
        format!("line 3, column 7: expected a version, {end}")
    );
    assert_eq!(
        error_in("purge"),
        format!("line 3, column 6: expected the name of a module, {end}")
    );
    assert!(error_in("1.").starts_with("line 3, column 3: expected an op, found the end"));
    assert_eq!(
        error_in("advance 5"),
        format!("line 3, column 10: expected `ms`, {end}")
    );
    assert_eq!(
        error_in("client two calls a b"),
        "line 3, column 8: expected the number of a client, found `two`"
    );
}

#[test]
fn what_goes_wrong_in_an_op_is_one_of_what_can() {
    assert_eq!(
        error_in("load a 2, truncatd"),
        "line 3, column 11: expected what goes wrong, found `truncatd`; \
         did you mean `truncated`?"
    );
    assert_eq!(
        error_in("upgrade a 2, burning"),
        "line 3, column 14: expected what goes wrong, found `burning`; \
         it is one of missing, truncated, swapped, stale, killing, freezing"
    );
    assert_eq!(
        error_in("upgrade a 2, killing b"),
        "line 3, column 23: expected `once <stage>`, found the end of the line"
    );
    assert_eq!(
        error_in("upgrade a 2, killing b once load"),
        "line 3, column 29: expected a stage of an upgrade, found `load`; \
         did you mean `loaded`?"
    );
}

#[test]
fn only_what_moves_a_module_can_go_wrong_in_its_middle() {
    assert!(error_in("purge a, missing").starts_with("line 3, column 8: expected the end"));
}

#[test]
fn a_storm_has_a_number_of_kills() {
    assert_eq!(
        error_in("kill a 0 times"),
        "line 3, column 8: nobody is killed 0 times; leave the op out"
    );
    assert_eq!(
        error_in("kill a 3"),
        "line 3, column 9: expected `times`, found the end of the line"
    );
}

#[test]
fn what_stands_after_an_op_is_refused() {
    assert_eq!(
        error_in("kill a b"),
        "line 3, column 8: expected the end of the line, found `b`; \
         put a comment on a line of its own"
    );
    assert!(error_in("kill a # why").starts_with("line 3, column 8: expected the end"));
}

#[test]
fn a_name_with_signs_must_be_quoted() {
    assert_eq!(
        error_in("kill {a}"),
        "line 3, column 6: expected the name of a process, found `{`; \
         quote a name that holds signs"
    );
    assert_eq!(
        error_in(r#"kill "a"#),
        "line 3, column 6: the name of a process has no closing quote; add one"
    );
    assert!(error_in(r#"kill "\n""#).starts_with("line 3, column 6: the name of a process holds"));
    assert!(error_in(r#"kill "\x{d800}""#).contains("escape"));
}

#[test]
fn an_interleaving_that_is_none_is_refused() {
    assert_eq!(
        error_in("kill a | soon"),
        "line 3, column 10: expected `seed <number>`, found `soon`"
    );
    assert_eq!(
        error_in("kill a | 3"),
        "line 3, column 11: expected `steps`, found the end of the line"
    );
    assert_eq!(
        error_in("kill a | 3 steps, 5"),
        "line 3, column 19: expected `seed <number>`, found `5`"
    );
    assert_eq!(
        error_in("kill a | seed five"),
        "line 3, column 15: expected a seed like 0x2a, found `five`"
    );
    assert_eq!(
        error_in("kill a | seed 0xzz"),
        "line 3, column 15: expected a seed like 0x2a, found `0xzz`"
    );
    assert_eq!(
        error_in("kill a | seed 0x123456789"),
        "line 3, column 15: expected a seed like 0x2a of at most 32 bits, found `0x123456789`"
    );
    assert_eq!(
        error_in("kill a | 4294967296 steps"),
        "line 3, column 10: expected a count of steps of at most 32 bits, found `4294967296`"
    );
}

#[test]
fn a_payload_that_is_no_term_is_refused_where_it_breaks() {
    let error = error_in("  client 1 calls ä {add,");
    assert!(
        error.starts_with("line 3, column 18: expected the name of a process"),
        "{error}"
    );
    let error = error_in("  client 1 calls \"ä\" {add,");
    let at_the_break = "line 3, column 27: expected what is asked, as an Erlang term: ";
    assert!(error.starts_with(at_the_break), "{error}");
}

#[test]
fn columns_are_counted_in_characters() {
    assert!(error_in("kill \"ä\" x").starts_with("line 3, column 10: "));
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9_]{0,8}",
        "[0-9.]{1,5}",
        any::<String>(),
        "[\"\\\\|#%\n\r\t x{}]{0,6}"
    ]
}

fn term() -> impl Strategy<Value = Term> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Term::from),
        any::<f64>()
            .prop_filter("finite", |f| f.is_finite())
            .prop_map(Term::Float),
        name().prop_map(|name| Term::Atom(name.try_into().unwrap())),
        name().prop_map(Term::binary),
        any::<Vec<u8>>().prop_map(Term::binary),
        name().prop_map(|text| Term::string(&text)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let some = || prop::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            some().prop_map(Term::tuple),
            some().prop_map(Term::list),
            (some(), inner.clone()).prop_map(|(elements, tail)| Term::cons(elements, tail)),
            prop::collection::vec((inner.clone(), inner.clone()), 0..4).prop_map(Term::map),
        ]
    })
}

fn system_message() -> impl Strategy<Value = SystemMessage> {
    prop_oneof![
        Just(SystemMessage::Suspend),
        Just(SystemMessage::Resume),
        Just(SystemMessage::GetState),
        Just(SystemMessage::GetStatus),
        term().prop_map(SystemMessage::ReplaceState),
        term().prop_map(SystemMessage::FailToReplace),
        (prop_oneof![name(), Just("down".into())], any::<bool>())
            .prop_map(|(vsn, down)| SystemMessage::ChangeCode { vsn, down }),
        term().prop_map(SystemMessage::Terminate),
        term().prop_map(SystemMessage::Other),
    ]
}

fn any_fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        prop::sample::select(&Damage::ALL[..]).prop_map(Fault::Artifact),
        (prop::sample::select(&Damage::ALL[..]), name())
            .prop_map(|(damage, module)| Fault::ArtifactOf { damage, module }),
        (
            prop::sample::select(&Mischief::ALL[..]),
            name(),
            prop::sample::select(&Stage::ALL[..]),
        )
            .prop_map(|(what, process, once)| Fault::Meanwhile {
                what,
                process,
                once,
            }),
    ]
}

fn any_op() -> impl Strategy<Value = Op> {
    let kind = prop_oneof![
        Just(Kind::Call),
        Just(Kind::Cast),
        Just(Kind::Ask),
        Just(Kind::Send),
        Just(Kind::Notify),
        Just(Kind::Manage),
    ];
    prop_oneof![
        (any::<u32>(), kind, name(), term(), any::<Option<u32>>()).prop_map(
            |(client, kind, to, payload, within)| {
                let request = Request {
                    kind,
                    to,
                    payload,
                    within,
                };
                Op::Request { client, request }
            }
        ),
        (name(), name()).prop_map(|(module, vsn)| Op::Load { module, vsn }),
        (name(), name()).prop_map(|(module, vsn)| Op::LoadBinary { module, vsn }),
        (name(), name()).prop_map(|(module, vsn)| Op::Reload { module, vsn }),
        (name(), name()).prop_map(|(module, vsn)| Op::Upgrade { module, vsn }),
        name().prop_map(|module| Op::Purge { module }),
        name().prop_map(|module| Op::SoftPurge { module }),
        name().prop_map(|module| Op::Delete { module }),
        name().prop_map(|module| Op::Stick { module }),
        name().prop_map(|module| Op::Unstick { module }),
        (name(), system_message(), any::<Option<u32>>()).prop_map(|(process, message, within)| {
            Op::System {
                process,
                message,
                within,
            }
        }),
        (name(), term()).prop_map(|(process, reason)| Op::Exit { process, reason }),
        name().prop_map(|process| Op::Kill { process }),
        (name(), 1..=u32::MAX).prop_map(|(process, kills)| Op::Storm { process, kills }),
        name().prop_map(|process| Op::Crash { process }),
        name().prop_map(|process| Op::Freeze { process }),
        name().prop_map(|process| Op::Thaw { process }),
        (
            prop::sample::select(&Way::ALL[..]),
            name(),
            name(),
            any_fault()
        )
            .prop_map(|(way, module, vsn, fault)| Op::Faulty {
                way,
                module,
                vsn,
                fault,
            }),
        name().prop_map(|process| Op::Start { process }),
        any::<u32>().prop_map(|ms| Op::Advance { ms }),
        (prop::sample::select(&ReleaseStep::ALL[..]), name())
            .prop_map(|(step, vsn)| Op::Release { step, vsn }),
        (
            prop::sample::select(&ReleaseStep::ALL[..]),
            name(),
            any_fault()
        )
            .prop_map(|(step, vsn, fault)| Op::FaultyRelease {
                of: Box::new(Op::Release { step, vsn }),
                fault,
            }),
        (
            prop::sample::select(&ApplicationStep::ALL[..]),
            name(),
            name()
        )
            .prop_map(|(step, application, vsn)| Op::Application {
                step,
                application,
                vsn,
            }),
    ]
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let number = || prop_oneof![Just(0), Just(1), any::<u32>()];
    let step = (any_op(), number(), number());
    let step = step.prop_map(|(op, steps, seed)| Step { op, steps, seed });
    let steps = prop::collection::vec(step, 0..12);
    let schedule = prop_oneof![
        Just(Schedule::Random),
        (any::<u32>(), any::<u32>()).prop_map(|(depth, over)| Schedule::Pct { depth, over }),
    ];
    let head = (name(), any::<u64>(), schedule);
    (head, steps).prop_map(|((scenario, seed, schedule), steps)| Plan {
        scenario,
        seed,
        schedule,
        steps,
    })
}

#[test]
fn a_plan_may_say_who_goes_next() {
    let read = |schedule: &str| -> Result<Plan, PlanError> {
        format!("scenario default\nseed 0x7\n# calm\n{schedule}\nkill counter").parse()
    };
    let of = |schedule: &str| read(schedule).map(|plan| (plan.schedule, plan.steps.len()));
    let pct = Schedule::Pct { depth: 3, over: 70 };
    assert_eq!(of("schedule pct 3 over 70"), Ok((pct, 1)));
    assert_eq!(of("schedule random"), Ok((Schedule::Random, 1)));
    assert_eq!(of(""), Ok((Schedule::Random, 1)));
    let error = |schedule: &str| read(schedule).map_err(|error| error.to_string());
    assert_eq!(
        error("schedule pcd 3"),
        Err("line 4, column 10: expected a schedule, found `pcd`; did you mean `pct`?".into())
    );
    assert_eq!(
        error("schedule pct 3"),
        Err("line 4, column 15: expected `over <ops>`, found the end of the line".into())
    );
    assert_eq!(
        error("schedule pct deep"),
        Err("line 4, column 14: expected a depth, found `deep`".into())
    );
}

#[test]
fn a_request_may_have_a_patience_of_its_own() {
    let plan: Result<Plan, _> =
        "scenario default\nseed 0x7\nclient 1 calls counter {add,5} within 100 ms".parse();
    let plan = plan.expect("the test's own plan");
    let Op::Request { request, .. } = &plan.steps[0].op else {
        panic!("it is a request");
    };
    assert_eq!(
        (request.within, request.payload.to_string()),
        (Some(100), "{add,5}".into())
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_plan_reads_back_as_itself(plan in any_plan()) {
        let text = plan.to_string();
        prop_assert_eq!(text.parse(), Ok(plan), "{}", text);
    }

    #[test]
    fn any_text_is_a_plan_or_an_error(text in any::<String>()) {
        let _ = text.parse::<Plan>();
        let _ = error_or_plan(&text);
    }

    #[test]
    fn a_plan_with_a_piece_cut_out_is_a_plan_or_an_error(
        plan in any_plan(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        instead in "[0-9a-z{}\"\\\\ |.,ä\n]{0,3}",
    ) {
        let chars: Vec<char> = plan.to_string().chars().collect();
        let (from, to) = (from.index(chars.len()), to.index(chars.len()));
        let head = chars[..from.min(to)].iter();
        let tail = chars[from.max(to)..].iter();
        let text: String = head.copied().chain(instead.chars()).chain(tail.copied()).collect();
        if let Err(error) = text.parse::<Plan>() {
            prop_assert!(error.line <= text.lines().count() + 1);
            prop_assert!(error.column >= 1);
        }
    }
}

/// The text as a step of a plan, so that more than the head is read.
fn error_or_plan(text: &str) -> Result<Plan, PlanError> {
    format!("scenario default\nseed 0x7\nclient 1 calls counter {text}").parse()
}
