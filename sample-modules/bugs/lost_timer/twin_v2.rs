//! `metronome`, version 2: its tempo can be changed, up to two beats a minute.

use std::time::Duration;

use upheaval_module::prelude::*;

const MINUTE: u64 = 60_000;

#[derive(Serialize, Deserialize)]
struct Metronome {
    beats: i64,
    /// Milliseconds from beat to beat.
    every: u64,
    timer: Option<Ref>,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    beats: i64,
    timer: Option<Ref>,
}

#[derive(Deserialize)]
enum Request {
    Beats,
    Tempo(u64),
}

#[derive(Serialize, Deserialize)]
enum Tick {
    Tick,
}

impl Metronome {
    fn start(&mut self, context: &Context) {
        let after = Duration::from_millis(self.every);
        self.timer = Some(context.send_after(after, context.self_pid(), &Tick::Tick));
    }

    /// Whether there is a tick under way that comes of a timer that has run out.
    fn stop(&self, context: &Context) -> bool {
        match &self.timer {
            Some(timer) => context.cancel_timer(timer).is_none(),
            None => false,
        }
    }
}

impl GenServer for Metronome {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Tick;

    fn init(_: Term, context: &Context) -> Init<Self> {
        let mut metronome = Metronome {
            beats: 0,
            every: MINUTE,
            timer: None,
        };
        metronome.start(context);
        Init::Ok(metronome)
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        if let Request::Tempo(every) = request {
            self.every = every.max(MINUTE / 2);
            if !self.stop(context) {
                self.start(context);
            }
        }
        CallReturn::Reply(self.beats)
    }

    fn handle_info(&mut self, _: Tick, context: &Context) -> Return {
        self.beats += 1;
        self.start(context);
        Return::NoReply
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, up),
            Change::Down { to } if to == "1" => convert(&state, down),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

fn up(old: V1) -> Metronome {
    Metronome {
        beats: old.beats,
        every: MINUTE,
        timer: old.timer,
    }
}

fn down(new: Metronome) -> V1 {
    V1 {
        beats: new.beats,
        timer: new.timer,
    }
}

export!(gen_server Metronome, module "metronome", vsn "2");
