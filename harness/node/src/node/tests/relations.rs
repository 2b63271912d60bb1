//! Links, monitors, exit signals and names (E2, E3).

use super::probe::Bench;

#[test]
fn e02_a_link_takes_both_down() {
    let mut bench = Bench::new();
    let (a, b) = (bench.probe("a"), bench.probe("b"));
    bench.tell("a", &format!("{{link,{}}}", b.term()));
    bench.tell("b", "{exit,crash}");
    assert!(!bench.node.is_alive(a));
    assert!(!bench.node.is_alive(b));
}

#[test]
fn e02_an_exit_with_normal_leaves_the_linked_alone() {
    let mut bench = Bench::new();
    let (a, b) = (bench.probe("a"), bench.probe("b"));
    bench.tell("a", &format!("{{link,{}}}", b.term()));
    bench.tell("b", "{exit,normal}");
    assert!(bench.node.is_alive(a));
}

#[test]
fn e02_a_process_that_traps_exits_is_told_instead() {
    let mut bench = Bench::new();
    let b = bench.probe("b");
    bench.probe("a");
    assert_eq!(bench.tell("a", "{trap_exit,true}"), "false");
    bench.tell("a", &format!("{{link,{}}}", b.term()));
    bench.tell("b", "{exit,crash}");
    let told = format!("[{{'EXIT',{},crash}}]", b.term());
    assert_eq!(bench.seen("a"), told);
}

#[test]
fn e02_kill_cannot_be_trapped_and_the_linked_see_killed() {
    let mut bench = Bench::new();
    let (a, b) = (bench.probe("a"), bench.probe("b"));
    bench.tell("a", "{trap_exit,true}");
    bench.tell("b", "{trap_exit,true}");
    bench.tell("a", &format!("{{link,{}}}", b.term()));
    bench.tell("a", &format!("{{exit_signal,{},kill}}", b.term()));
    assert!(!bench.node.is_alive(b));
    assert!(bench.node.is_alive(a));
    assert_eq!(bench.seen("a"), format!("[{{'EXIT',{},killed}}]", b.term()));
}

#[test]
fn e02_a_link_to_the_dead_gives_noproc() {
    let mut bench = Bench::new();
    let b = bench.probe("b");
    bench.probe("a");
    bench.tell("b", "{exit,normal}");
    bench.tell("a", "{trap_exit,true}");
    bench.tell("a", &format!("{{link,{}}}", b.term()));
    assert_eq!(bench.seen("a"), format!("[{{'EXIT',{},noproc}}]", b.term()));
}

#[test]
fn an_unlinked_process_outlives_the_other() {
    let mut bench = Bench::new();
    let (a, b) = (bench.probe("a"), bench.probe("b"));
    bench.tell("a", &format!("{{link,{}}}", b.term()));
    bench.tell("a", &format!("{{unlink,{}}}", b.term()));
    bench.tell("b", "{exit,crash}");
    assert!(bench.node.is_alive(a));
}

#[test]
fn a_monitor_tells_once_with_the_reason() {
    let mut bench = Bench::new();
    let b = bench.probe("b");
    bench.probe("a");
    let monitor = bench.tell("a", &format!("{{monitor,{}}}", b.term()));
    bench.tell("b", "{exit,crash}");
    let down = format!("[{{'DOWN',{monitor},process,{},crash}}]", b.term());
    assert_eq!(bench.seen("a"), down);
}

#[test]
fn e02_a_monitor_of_the_dead_gives_noproc() {
    let mut bench = Bench::new();
    let b = bench.probe("b");
    bench.probe("a");
    bench.tell("b", "{exit,normal}");
    let monitor = bench.tell("a", &format!("{{monitor,{}}}", b.term()));
    let down = format!("[{{'DOWN',{monitor},process,{},noproc}}]", b.term());
    assert_eq!(bench.seen("a"), down);
}

#[test]
fn a_demonitored_process_ends_unheard() {
    let mut bench = Bench::new();
    let b = bench.probe("b");
    bench.probe("a");
    let monitor = bench.tell("a", &format!("{{monitor,{}}}", b.term()));
    bench.tell("a", &format!("{{demonitor,{monitor}}}"));
    bench.tell("b", "{exit,crash}");
    assert_eq!(bench.seen("a"), "[]");
}

#[test]
fn e03_a_name_is_free_once_its_process_is_down() {
    let mut bench = Bench::new();
    let first = bench.probe("a");
    bench.tell("a", "{exit,normal}");
    assert_eq!(bench.node.whereis("a"), None);
    let second = bench.probe("a");
    assert_eq!(bench.node.whereis("a"), Some(second));
    assert_ne!(first, second);
}

#[test]
fn e03_a_name_that_is_given_up_is_free_and_its_holder_lives_on() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    assert_eq!(bench.tell("a", "{unregister,a}"), "ok");
    assert_eq!(bench.node.whereis("a"), None);
    assert!(bench.node.is_alive(a));
    let given_up = format!("Unregistered({a:?}, \"a\")");
    assert!(bench.events().contains(&given_up));
}
