//! `metronome`, version 1: beats once a minute.

use std::time::Duration;

use upheaval_module::prelude::*;

const MINUTE: Duration = Duration::from_secs(60);

#[derive(Serialize, Deserialize)]
struct Metronome {
    beats: i64,
    timer: Option<Ref>,
}

#[derive(Deserialize)]
enum Request {
    Beats,
    /// It has one tempo.
    Tempo(#[expect(dead_code, reason = "it is not listened to")] u64),
}

#[derive(Serialize, Deserialize)]
enum Tick {
    Tick,
}

impl GenServer for Metronome {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Tick;

    fn init(_: Term, context: &Context) -> Init<Self> {
        let timer = Some(start(context));
        Init::Ok(Metronome { beats: 0, timer })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(self.beats)
    }

    fn handle_info(&mut self, _: Tick, context: &Context) -> Return {
        self.beats += 1;
        self.timer = Some(start(context));
        Return::NoReply
    }
}

fn start(context: &Context) -> Ref {
    context.send_after(MINUTE, context.self_pid(), &Tick::Tick)
}

export!(gen_server Metronome, module "metronome", vsn "1");
