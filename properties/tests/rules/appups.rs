//! C1 to C4: what an appup comes to, by us and by the real systools.

use properties::{Question, Systools, folder, has_erlang};
use upheaval_release::{Application, Appup, Direction, Translation, VersionPattern};
use upheaval_term::{Atom, Term};

/// Where an appup is for version 2 and another one is 1.
const OTHER: &str = "1";

fn appup(text: &str) -> Appup {
    match Appup::parse(text) {
        Ok(appup) => appup,
        Err(error) => panic!("{text}: {error}"),
    }
}

/// The modules a, b, c and d, and those of an application that comes or goes.
fn question(direction: Direction, instructions: &str) -> Question {
    let text = format!("{{\"2\", [{{\"1\", [{instructions}]}}], [{{\"1\", [{instructions}]}}]}}.");
    let (from, to) = match direction {
        Direction::Up => ("1", "2"),
        Direction::Down => ("2", "1"),
    };
    let shop = |vsn| Application::new("shop", vsn, ["a", "b", "c", "d"]);
    Question {
        direction,
        from: vec![shop(from), Application::new("gone", "1", ["g"])],
        to: vec![shop(to), Application::new("come", "1", ["h"])],
        appups: vec![(text, OTHER)],
    }
}

/// The real one, if there is one.
fn real() -> Option<Systools> {
    has_erlang().then(Systools::start)
}

/// What a question comes to, and that the real one says so, too.
fn answer(real: &Option<Systools>, question: &Question) -> String {
    let clauses: Vec<Appup> = question
        .appups
        .iter()
        .map(|(text, _)| appup(text))
        .collect();
    let clauses = clauses
        .iter()
        .filter_map(|appup| appup.clause(question.direction, OTHER));
    let scripts = upheaval_release::scripts(clauses);
    let translation = Translation::new(question.direction, &question.from, &question.to);
    let ours = match translation.script(&scripts) {
        Ok(script) => {
            let script = Term::List(script.iter().map(Term::from).collect());
            Term::tuple([Term::atom("ok"), script])
        }
        Err(error) => {
            let systools = Term::atom("systools_rc");
            Term::tuple([Term::atom("error"), systools, error.reason()])
        }
    };
    if let Some(systools) = real {
        let theirs = systools.translate(std::slice::from_ref(question));
        assert_eq!(theirs, std::slice::from_ref(&ours), "{question:?}");
    }
    ours.to_string()
}

/// Instructions, and what comes after the point of no return on the way up and down.
fn assert_after(cases: &[(&str, &str, &str)]) {
    let real = real();
    for (instructions, up, down) in cases {
        for (direction, expected) in [(Direction::Up, up), (Direction::Down, down)] {
            let answer = answer(&real, &question(direction, instructions));
            let after = answer.split_once("point_of_no_return,");
            let after = after.map(|(_, after)| after.trim_end_matches("]}"));
            let expected = expected.trim_end_matches("]}");
            assert_eq!(
                after,
                Some(expected),
                "{instructions} {direction:?}: {answer}"
            );
        }
    }
}

#[test]
fn c01_a_binary_version_is_a_regular_expression_for_the_whole_version() {
    let folder = folder();
    let systools = real();
    let patterns = [
        "\"1\"",
        "\"1.2\"",
        "<<\"1\">>",
        "<<\"1\\\\.[0-9]+\">>",
        "<<\"1|1.2\">>",
        "<<\"1.2|1\">>",
        "<<\"^1.2$\">>",
        "<<\"(?!1\\\\.2).*\">>",
        "<<\"(1|2)(\\\\.\\\\d+)*(-rc[0-9])?\">>",
        "<<\".*\">>",
        "<<\"\">>",
    ];
    for pattern in patterns {
        let term: Term = match pattern.parse() {
            Ok(term) => term,
            Err(error) => panic!("{pattern}: {error}"),
        };
        let ours = match VersionPattern::read(&term) {
            Ok(pattern) => pattern,
            Err(error) => panic!("{pattern}: {error}"),
        };
        for version in ["1", "1.2", "11", "2.10.3-rc1", "1.x"] {
            if let Some(systools) = &systools {
                let theirs = systools.takes(folder.path(), term.clone(), version);
                assert_eq!(ours.matches(version), theirs, "{pattern} {version}");
            }
        }
    }
    let pattern = VersionPattern::read(&Term::binary("1\\.[0-9]+"));
    assert!(pattern.is_ok_and(|pattern| pattern.matches("1.2") && !pattern.matches("11.2")));
}

#[test]
fn c02_each_high_level_instruction_has_its_low_level_script() {
    let load = "{load,{a,brutal_purge,brutal_purge}}";
    let suspend = "{suspend,[a]}";
    let around = |inner: &str| format!("{suspend},{inner},{{resume,[a]}}");
    let soft = around(load);
    let up = around(&format!("{load},{{code_change,up,[{{a,x}}]}}"));
    let dynamic = around(&format!("{{code_change,down,[{{a,x}}]}},{load}"));
    let fixed = around(&format!("{load},{{code_change,down,[{{a,x}}]}}"));
    let remove = "{remove,{a,brutal_purge,brutal_purge}},{purge,[a]}";
    let static_form = "{update,a,static,default,{advanced,x},brutal_purge,brutal_purge,[]}";
    let start = "{load,{h,brutal_purge,brutal_purge}},{apply,{application,start,[come,permanent]}}";
    let stop = "{apply,{application,stop,[gone]}},{remove,{g,brutal_purge,brutal_purge}},\
                {purge,[g]},{apply,{application,unload,[gone]}}";
    assert_after(&[
        ("{update,a}", &soft, &soft),
        ("{update,a,{advanced,x}}", &up, &dynamic),
        (static_form, &up, &fixed),
        (
            "{update,a,supervisor}",
            &up.replace("{a,x}", "{a,[]}"),
            &fixed.replace("{a,x}", "{a,[]}"),
        ),
        ("{load_module,a}", load, load),
        ("{add_module,a}", load, load),
        ("{delete_module,a}", remove, remove),
        ("{add_application,come}", start, start),
        ("{remove_application,gone}", stop, stop),
    ]);
}

#[test]
fn c02_an_application_is_restarted_by_stopping_it_and_changing_its_modules() {
    let real = real();
    let mut question = question(Direction::Up, "{restart_application,shop}");
    question.from[0].modules.truncate(1);
    question.to[0].modules = vec![Atom::from_static("b")];
    assert_eq!(
        answer(&real, &question),
        "{ok,[{load_object_code,{shop,\"2\",[b]}},point_of_no_return,\
         {apply,{application,stop,[shop]}},{remove,{a,brutal_purge,brutal_purge}},{purge,[a]},\
         {load,{b,brutal_purge,brutal_purge}},{apply,{application,start,[shop,permanent]}}]}"
    );
}

#[test]
fn c02_a_new_emulator_is_first_on_the_way_up_and_a_restart_last_on_the_way_down() {
    let real = real();
    let instructions = "restart_new_emulator,{load_module,a}";
    let up = answer(&real, &question(Direction::Up, instructions));
    assert!(
        up.starts_with("{ok,[restart_new_emulator,{load_object_code,"),
        "{up}"
    );
    let down = answer(&real, &question(Direction::Down, instructions));
    assert!(down.ends_with(",restart_emulator]}"), "{down}");
    assert!(!down.contains("restart_new_emulator"), "{down}");
}

#[test]
fn c03_what_is_left_out_is_brutal_soft_dynamic_and_five_seconds() {
    let real = real();
    let all = "{update,a,dynamic,default,soft,brutal_purge,brutal_purge,[]}";
    for direction in [Direction::Up, Direction::Down] {
        let short = answer(&real, &question(direction, "{update,a}"));
        assert_eq!(short, answer(&real, &question(direction, all)));
        // A default timeout is not said; it is that of sys:suspend/1.
        assert!(short.contains("{suspend,[a]}"), "{short}");
    }
    let advanced = "{update,a,{advanced,x}}";
    let dynamic = "{update,a,dynamic,default,{advanced,x},brutal_purge,brutal_purge,[]}";
    assert_eq!(
        answer(&real, &question(Direction::Down, advanced)),
        answer(&real, &question(Direction::Down, dynamic))
    );
}

#[test]
fn c04_what_depends_on_each_other_is_one_group_and_dependencies_load_first_on_the_way_up() {
    let load = |module: &str| format!("{{load,{{{module},brutal_purge,brutal_purge}}}}");
    let (a, b, c) = (load("a"), load("b"), load("c"));
    let (suspend, resume) = ("{suspend,[c,{b,100},a]}", "{resume,[a,b,c]}");
    let update_b = "{update,b,100,soft,brutal_purge,brutal_purge,[a]}";
    let instructions = format!("{{update,a}},{{load_module,d}},{update_b},{{update,c,[b]}}");
    assert_after(&[(
        &instructions,
        &format!("{suspend},{a},{b},{c},{resume},{}", load("d")),
        &format!("{suspend},{c},{b},{a},{resume},{}", load("d")),
    )]);
}

#[test]
fn c04_a_module_that_is_not_there_or_there_twice_is_an_error() {
    let real = real();
    for direction in [Direction::Up, Direction::Down] {
        assert_eq!(
            answer(
                &real,
                &question(direction, "{update,a,[b]},{load_module,c}")
            ),
            "{error,systools_rc,{undef_module,b}}"
        );
        assert_eq!(
            answer(&real, &question(direction, "{update,a},{load_module,a}")),
            "{error,systools_rc,{muldef_module,a}}"
        );
    }
}

#[test]
fn c04_a_circle_keeps_the_order_of_the_appup() {
    let circle = "{load_module,b,[c]},{load_module,a,[b]},{load_module,c,[a]}";
    let load = |module: &str| format!("{{load,{{{module},brutal_purge,brutal_purge}}}}");
    let (a, b, c) = (load("a"), load("b"), load("c"));
    assert_after(&[(circle, &format!("{c},{a},{b}"), &format!("{b},{a},{c}"))]);
}
