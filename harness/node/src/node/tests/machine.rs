//! State machines, held on one that does what its events tell it to.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use upheaval_module::Context;
use upheaval_module::abi::Table;
use upheaval_module::behaviour::{
    CallbackMode, Change, Event, EventType, GenStatem, InitStatem, Timer, Transition,
};
use upheaval_term::Term;

use super::probe::Bench;
use crate::code::Artifact;
use crate::{Outcome, Pid, SystemRequest};

static TABLE: Table = Table::gen_statem::<Puppet>("puppet", "1");

/// Its data: what it has seen, newest last.
#[derive(Serialize, Deserialize)]
struct Puppet(Vec<Term>);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum State {
    A,
    B,
}

/// What an event tells it to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Order {
    To(State),
    Repeat,
    Stop(Term),
    Crash(Term),
    PostponeIn(State),
    Internal(Vec<Order>),
    StateTimeout(u64),
    EventTimeout(u64),
    Named(Term, u64, Term),
    Cancel(Term),
    Update(Term, Term),
    /// Only a note.
    Note(Term),
}

impl GenStatem for Puppet {
    type State = State;
    type Args = Term;
    type Call = Vec<Order>;
    type Cast = Vec<Order>;
    type Info = Term;

    fn callback_mode() -> CallbackMode {
        CallbackMode::HANDLE_EVENT_FUNCTION.with_state_enter()
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        InitStatem::Ok(State::A, Puppet(Vec::new()))
    }

    fn handle_event(
        &mut self,
        event: Event<Self>,
        state: &State,
        _: &Context,
    ) -> Transition<State> {
        let ok = Term::atom("ok");
        match event {
            Event::Enter(before) => {
                self.saw("enter", &before);
                Transition::keep()
            }
            Event::Call(caller, orders) => {
                let transition = self.obey(&orders, *state);
                if transition == Transition::keep().postpone() {
                    return transition;
                }
                transition.reply(&caller, &ok)
            }
            Event::Cast(orders) => self.obey(&orders, *state),
            Event::Info(what) => {
                self.saw("info", &what);
                Transition::keep()
            }
            Event::Internal(what) => match upheaval_term::from_term::<Vec<Order>>(&what) {
                Ok(orders) => self.obey(&orders, *state),
                Err(_) => Transition::keep(),
            },
            Event::Timeout(what) => {
                self.saw("timeout", &what);
                Transition::keep()
            }
            Event::StateTimeout(what) => {
                self.saw("state_timeout", &what);
                Transition::keep()
            }
            Event::NamedTimeout(name, what) => {
                self.saw("named", &(name, what));
                Transition::keep()
            }
        }
    }

    fn code_change(_: Change, state: Term, data: Term, _: Term) -> Result<(Term, Term), Term> {
        Ok((state, data))
    }
}

impl Puppet {
    fn saw<W: Serialize + ?Sized>(&mut self, what: &'static str, content: &W) {
        let content = upheaval_term::to_term(content).expect("a term");
        self.0.push(Term::tuple([Term::atom(what), content]));
    }

    fn obey(&mut self, orders: &[Order], state: State) -> Transition<State> {
        let ms = Duration::from_millis;
        let mut done = Transition::keep();
        for order in orders {
            done = match order {
                Order::To(state) => Transition::to(*state),
                Order::Repeat => Transition::repeat(),
                Order::Stop(reason) => Transition::stop(reason.clone()),
                Order::Crash(reason) => upheaval_module::error(reason.clone()),
                Order::PostponeIn(here) if *here == state => return Transition::keep().postpone(),
                Order::PostponeIn(_) => done,
                Order::Internal(orders) => done.next_event(EventType::Internal, orders),
                Order::StateTimeout(after) => done.state_timeout(ms(*after), &state),
                Order::EventTimeout(after) => done.event_timeout(ms(*after), &state),
                Order::Named(name, after, content) => {
                    done.start_timer(Timer::Named(name.clone()), ms(*after), content)
                }
                Order::Cancel(name) => done.cancel_timer(Timer::Named(name.clone())),
                Order::Update(name, content) => {
                    done.update_timer(Timer::Named(name.clone()), content)
                }
                Order::Note(what) => {
                    self.saw("note", what);
                    done
                }
            };
        }
        done
    }
}

/// A puppet that has been told things.
struct Stage {
    bench: Bench,
    puppet: Pid,
}

fn stage() -> Stage {
    let mut bench = Bench::new();
    bench.node.deploy(Artifact::built_in(&TABLE));
    assert_eq!(bench.node.load("puppet"), Ok(None));
    let (puppet, tag) = bench.node.start("puppet", "puppet", &Term::atom("ok"));
    bench.rest();
    assert_eq!(bench.node.take(tag), Some(Outcome::Started(puppet)));
    Stage { bench, puppet }
}

impl Stage {
    fn tell(&mut self, orders: &str) {
        assert_eq!(self.bench.tell("puppet", orders), "ok", "{orders}");
    }

    fn wait(&mut self, ms: u64) {
        self.bench.node.advance(ms, 1000);
    }

    fn ask(&mut self, request: SystemRequest) -> String {
        self.bench.system(self.puppet, request)
    }

    /// The state, and what it saw since its start.
    fn state(&mut self) -> String {
        let state = self.ask(SystemRequest::GetState);
        state
            .replacen("[{enter,a},", "[", 1)
            .replacen("[{enter,a}]", "[]", 1)
    }

    fn exit_reason(&self) -> Option<String> {
        let exits = self.bench.events();
        exits
            .into_iter()
            .rev()
            .find(|event| event.starts_with("Exited"))
    }
}

#[test]
fn a_state_is_entered_at_the_start_when_it_changes_and_when_it_is_repeated() {
    let mut stage = stage();
    assert_eq!(stage.ask(SystemRequest::GetState), "{a,[{enter,a}]}");
    stage.tell("[{to,b}]");
    stage.tell("[{to,b}]");
    stage.tell("[repeat]");
    assert_eq!(stage.state(), "{b,[{enter,a},{enter,b}]}");
}

#[test]
fn e05_a_postponed_event_comes_again_when_the_state_changes_and_before_what_waits() {
    let mut stage = stage();
    stage.bench.hand("puppet", "[{postpone_in,a},{note,late}]");
    stage.bench.rest();
    assert_eq!(stage.state(), "{a,[]}");
    let queued = stage
        .bench
        .node
        .inspect(stage.puppet)
        .map(|seen| seen.queued);
    assert_eq!(
        queued,
        Some(1),
        "what is postponed lies in the mailbox, so to say"
    );
    stage
        .bench
        .cast("puppet", "[{to,b},{internal,[{note,inside}]}]");
    stage.bench.rest();
    assert_eq!(stage.state(), "{b,[{enter,a},{note,inside},{note,late}]}");
}

#[test]
fn b03_a_system_message_waits_behind_internal_events() {
    let mut stage = stage();
    stage
        .bench
        .cast("puppet", "[{internal,[{note,1},{internal,[{note,2}]}]}]");
    let state = stage.state();
    assert_eq!(state, "{a,[{note,1},{note,2}]}");
}

#[test]
fn b08_a_postponed_event_survives_a_code_change() {
    let mut stage = stage();
    stage.bench.hand("puppet", "[{postpone_in,a},{note,late}]");
    stage.bench.rest();
    stage.ask(SystemRequest::Suspend);
    let change = SystemRequest::ChangeCode {
        // A machine ignores it, as a server does (B7).
        module: "nobody".into(),
        vsn: "0".into(),
        down: false,
        extra: Term::List(Vec::new()),
    };
    assert_eq!(stage.ask(change), "ok");
    stage.ask(SystemRequest::Resume);
    stage.bench.cast("puppet", "[{to,b}]");
    stage.bench.rest();
    assert_eq!(stage.state(), "{b,[{enter,a},{note,late}]}");
}

#[test]
fn b08_timers_fire_into_the_mailbox_while_it_is_suspended() {
    let mut stage = stage();
    stage.tell("[{state_timeout,100},{named,n,200,content}]");
    stage.ask(SystemRequest::Suspend);
    stage.wait(1000);
    assert_eq!(stage.state(), "{a,[]}");
    stage.ask(SystemRequest::Resume);
    assert_eq!(stage.state(), "{a,[{state_timeout,a},{named,{n,content}}]}");
}

#[test]
fn b08_an_event_timeout_runs_on_while_it_is_suspended_and_is_not_started_anew() {
    let mut stage = stage();
    stage.tell("[{event_timeout,100}]");
    stage.wait(60);
    stage.ask(SystemRequest::Suspend);
    stage.ask(SystemRequest::Resume);
    stage.wait(40);
    assert_eq!(stage.state(), "{a,[{timeout,a}]}");
}

#[test]
fn an_event_cancels_the_event_timeout_even_when_it_lies_in_the_mailbox() {
    let mut stage = stage();
    stage.tell("[{event_timeout,100}]");
    stage.ask(SystemRequest::Suspend);
    stage.bench.cast("puppet", "[{note,first}]");
    stage.wait(1000);
    stage.ask(SystemRequest::Resume);
    assert_eq!(stage.state(), "{a,[{note,first}]}");
}

#[test]
fn a_change_of_the_state_cancels_the_state_timeout_and_no_other() {
    let mut stage = stage();
    stage.tell("[{state_timeout,100},{named,n,100,content}]");
    stage.tell("[{to,b}]");
    stage.wait(1000);
    assert_eq!(stage.state(), "{b,[{enter,a},{named,{n,content}}]}");
}

#[test]
fn a_named_timer_can_be_cancelled_updated_and_started_anew() {
    let mut stage = stage();
    stage.tell("[{named,gone,100,x},{named,told,100,x},{named,again,100,x}]");
    stage.wait(60);
    stage.tell("[{cancel,gone},{update,told,y},{named,again,100,z}]");
    stage.wait(40);
    assert_eq!(stage.state(), "{a,[{named,{told,y}}]}");
    stage.wait(60);
    assert_eq!(stage.state(), "{a,[{named,{told,y}},{named,{again,z}}]}");
}

#[test]
fn a_timer_of_no_time_fires_after_inserted_events_and_before_the_mailbox() {
    let mut stage = stage();
    stage.tell("[{named,n,0,x},{internal,[{note,inside}]},{update,none,y}]");
    assert_eq!(
        stage.state(),
        "{a,[{note,inside},{named,{n,x}},{named,{none,y}}]}"
    );
}

#[test]
fn of_two_actions_for_one_timer_the_last_one_counts() {
    let mut stage = stage();
    stage.tell("[{named,n,0,first},{named,n,100,last}]");
    assert_eq!(stage.state(), "{a,[]}");
    stage.wait(100);
    assert_eq!(stage.state(), "{a,[{named,{n,last}}]}");
}

#[test]
fn a_stop_can_reply_and_a_crash_exits_with_the_error_and_its_stack() {
    let mut stopped = stage();
    stopped.tell("[{stop,enough}]");
    assert!(!stopped.bench.node.is_alive(stopped.puppet));
    let mut crashed = stage();
    let answer = crashed.bench.tell("puppet", "[{crash,oops}]");
    assert!(
        answer.starts_with("exit {oops,[{puppet,handle_event,4,"),
        "{answer}"
    );
    assert!(crashed.exit_reason().is_some());
}
