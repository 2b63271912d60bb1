//! Hand-made histories for tests: one short method per event, terms as text.

use upheaval_term::{Term, encode};

use super::{
    Answer, Carrier, Code, Data, Event, Held, History, MessageId, Moved, ProcessId, Symbol,
};

/// A history in the making.
#[derive(Default)]
pub(crate) struct Story {
    history: History,
}

impl Story {
    pub(crate) fn new() -> Self {
        Story::default()
    }

    /// A history in which every kind of event happens.
    pub(crate) fn of_every_kind() -> Self {
        use Carrier::{Ask, Call, Cast, Info};
        let mut story = Story::new();
        story.loaded("counter", "1").spawned(1).registered(1, "sup");
        story
            .child(2, 1, "counter")
            .registered(2, "counter")
            .entered(2, "counter", "1");
        story
            .spawned(3)
            .op_begins(0)
            .sent(Call, 1, 3, 2, "{add,5}")
            .op_ends("ok");
        story
            .received_in(1, 2, "counter", "1")
            .replied(1)
            .got_reply(1, "5");
        story.op_begins(1).loaded("counter", "2").suspended(2);
        story.code_changed(2, ["counter", "1", "2"], "{count,5}", Some("{total,5}"));
        story
            .entered(2, "counter", "2")
            .resumed(2)
            .purged("counter", "1", 0)
            .op_ends("ok");
        story
            .clock(5000)
            .sent(Cast, 2, 3, None, "reset")
            .sent(Info, 3, 2, 3, "tick");
        story.received(3, 3).sent(Ask, 4, 3, 2, "get").timed_out(4);
        story.code_changed(2, ["counter", "2", "1"], "{total,5}", None);
        story
            .unreadable(2, ["counter", "2", "1"], "{total,5}")
            .exited(2, "killed");
        story
            .sent(Call, 5, 3, None, "get")
            .got_exit(5, "noproc")
            .rested()
            .alive(3, 0);
        story
            .child(4, 1, "counter")
            .alive_in(4, "counter", "1", "{count,0}")
            .twice(4, Held::Timer, "tick")
            .twice(4, Held::Monitor, "counter");
        story.registered(5, "other").unregistered(5, "other");
        story.abandoned("too_long");
        story
    }

    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// The index of the event that was told last.
    pub(crate) fn last(&self) -> usize {
        self.history.events().len() - 1
    }

    fn term(&mut self, text: &str) -> Data {
        let term: Term = text.parse().expect("a test's term");
        self.history.data(&encode(&term))
    }

    fn code(&mut self, module: &str, vsn: &str) -> Code {
        Code {
            module: self.history.symbol(module),
            vsn: self.history.symbol(vsn),
        }
    }

    fn push(&mut self, event: Event) -> &mut Self {
        self.history.push(event);
        self
    }

    pub(crate) fn restarted(&mut self) -> &mut Self {
        self.push(Event::Restarted)
    }

    pub(crate) fn op_begins(&mut self, op: u32) -> &mut Self {
        self.push(Event::OpBegins { op })
    }

    pub(crate) fn upgrades(&mut self, moved: Moved, name: &str, vsn: &str) -> &mut Self {
        let (name, vsn) = (self.history.symbol(name), self.history.symbol(vsn));
        self.push(Event::Upgrades { moved, name, vsn })
    }

    pub(crate) fn fault(&mut self, process: impl Into<Option<u32>>) -> &mut Self {
        let process = process.into().map(ProcessId);
        self.push(Event::Fault { process })
    }

    /// Nothing that could be loaded lies where this version should.
    pub(crate) fn damaged(&mut self, module: &str, vsn: &str) -> &mut Self {
        let (module, vsn) = (self.history.symbol(module), self.history.symbol(vsn));
        let code = Code { module, vsn };
        self.push(Event::Damaged {
            code,
            instead: None,
        })
    }

    pub(crate) fn frozen(&mut self, process: u32) -> &mut Self {
        let process = ProcessId(process);
        self.push(Event::Frozen { process })
    }

    pub(crate) fn thawed(&mut self, process: u32) -> &mut Self {
        let process = ProcessId(process);
        self.push(Event::Thawed { process })
    }

    pub(crate) fn op_ends(&mut self, result: &str) -> &mut Self {
        let result = self.term(result);
        self.push(Event::OpEnds { result })
    }

    pub(crate) fn clock(&mut self, ms: u64) -> &mut Self {
        self.push(Event::Clock { ms })
    }

    pub(crate) fn loaded(&mut self, module: &str, vsn: &str) -> &mut Self {
        let code = self.code(module, vsn);
        self.push(Event::Loaded { code })
    }

    pub(crate) fn deleted(&mut self, module: &str, vsn: &str) -> &mut Self {
        let code = self.code(module, vsn);
        self.push(Event::Deleted { code })
    }

    pub(crate) fn purged(&mut self, module: &str, vsn: &str, killed: u32) -> &mut Self {
        let code = self.code(module, vsn);
        self.push(Event::Purged { code, killed })
    }

    /// A process without a module: a client or a supervisor.
    pub(crate) fn spawned(&mut self, process: u32) -> &mut Self {
        self.push(Event::Spawned {
            process: ProcessId(process),
            parent: None,
            module: None,
        })
    }

    pub(crate) fn child(&mut self, process: u32, parent: u32, module: &str) -> &mut Self {
        let module = Some(self.history.symbol(module));
        self.push(Event::Spawned {
            process: ProcessId(process),
            parent: Some(ProcessId(parent)),
            module,
        })
    }

    pub(crate) fn registered(&mut self, process: u32, name: &str) -> &mut Self {
        let name = self.history.symbol(name);
        let process = ProcessId(process);
        self.push(Event::Registered { process, name })
    }

    pub(crate) fn unregistered(&mut self, process: u32, name: &str) -> &mut Self {
        let name = self.history.symbol(name);
        let process = ProcessId(process);
        self.push(Event::Unregistered { process, name })
    }

    pub(crate) fn entered(&mut self, process: u32, module: &str, vsn: &str) -> &mut Self {
        let code = self.code(module, vsn);
        let process = ProcessId(process);
        self.push(Event::Entered { process, code })
    }

    pub(crate) fn sent(
        &mut self,
        carrier: Carrier,
        message: u32,
        from: u32,
        to: impl Into<Option<u32>>,
        payload: &str,
    ) -> &mut Self {
        let payload = self.term(payload);
        self.push(Event::Sent {
            message: MessageId(message),
            from: ProcessId(from),
            to: to.into().map(ProcessId),
            carrier,
            payload,
        })
    }

    pub(crate) fn received(&mut self, message: u32, process: u32) -> &mut Self {
        self.push(Event::Received {
            message: MessageId(message),
            process: ProcessId(process),
            code: None,
        })
    }

    pub(crate) fn received_in(
        &mut self,
        message: u32,
        process: u32,
        module: &str,
        vsn: &str,
    ) -> &mut Self {
        let code = Some(self.code(module, vsn));
        self.push(Event::Received {
            message: MessageId(message),
            process: ProcessId(process),
            code,
        })
    }

    pub(crate) fn postponed(&mut self, message: u32, process: u32) -> &mut Self {
        self.push(Event::Postponed {
            message: MessageId(message),
            process: ProcessId(process),
        })
    }

    pub(crate) fn replied(&mut self, message: u32) -> &mut Self {
        let message = MessageId(message);
        self.push(Event::Replied { message })
    }

    pub(crate) fn got_reply(&mut self, message: u32, reply: &str) -> &mut Self {
        let answer = Answer::Reply(self.term(reply));
        self.answered(message, answer)
    }

    pub(crate) fn got_exit(&mut self, message: u32, reason: &str) -> &mut Self {
        let answer = Answer::Exit(self.term(reason));
        self.answered(message, answer)
    }

    pub(crate) fn timed_out(&mut self, message: u32) -> &mut Self {
        self.answered(message, Answer::Timeout)
    }

    fn answered(&mut self, message: u32, answer: Answer) -> &mut Self {
        let message = MessageId(message);
        self.push(Event::Answered { message, answer })
    }

    pub(crate) fn suspended(&mut self, process: u32) -> &mut Self {
        let process = ProcessId(process);
        self.push(Event::Suspended { process })
    }

    pub(crate) fn resumed(&mut self, process: u32) -> &mut Self {
        let process = ProcessId(process);
        self.push(Event::Resumed { process })
    }

    pub(crate) fn misled(&mut self) -> &mut Self {
        self.push(Event::Misled)
    }

    pub(crate) fn interfered(&mut self, process: u32) -> &mut Self {
        let process = ProcessId(process);
        self.push(Event::Interfered { process })
    }

    /// `given` is what `init` of its callback module gives.
    pub(crate) fn supervises(&mut self, process: u32, given: &str) -> &mut Self {
        let process = ProcessId(process);
        let given = self.term(given);
        self.push(Event::Supervises { process, given })
    }

    /// `path` is the module and the two versions.
    pub(crate) fn code_changed(
        &mut self,
        process: u32,
        path: [&str; 3],
        before: &str,
        after: Option<&str>,
    ) -> &mut Self {
        let [module, from, to] = path;
        let (from, to) = (self.code(module, from), self.code(module, to));
        let before = self.term(before);
        let after = after.map(|after| self.term(after));
        self.push(Event::CodeChanged {
            process: ProcessId(process),
            from,
            to,
            before,
            after,
        })
    }

    /// `path` is the module and the two versions.
    pub(crate) fn unreadable(&mut self, process: u32, path: [&str; 3], state: &str) -> &mut Self {
        let [module, from, to] = path;
        let (from, to) = (self.code(module, from), self.code(module, to));
        let state = self.term(state);
        self.push(Event::Unreadable {
            process: ProcessId(process),
            from,
            to,
            state,
        })
    }

    pub(crate) fn exited(&mut self, process: u32, reason: &str) -> &mut Self {
        let reason = self.term(reason);
        let process = ProcessId(process);
        self.push(Event::Exited { process, reason })
    }

    pub(crate) fn rested(&mut self) -> &mut Self {
        self.push(Event::Rested)
    }

    /// A process that is alive at rest and has no state to ask for.
    pub(crate) fn alive(&mut self, process: u32, queued: u32) -> &mut Self {
        let name = self.name_of(process);
        self.push(Event::Final {
            process: ProcessId(process),
            code: None,
            state: None,
            queued,
            name,
        })
    }

    /// A process that is alive at rest under another name than it took last, or under none.
    pub(crate) fn alive_as(&mut self, process: u32, name: Option<&str>) -> &mut Self {
        let name = name.map(|name| self.history.symbol(name));
        self.push(Event::Final {
            process: ProcessId(process),
            code: None,
            state: None,
            queued: 0,
            name,
        })
    }

    /// `of` is the message of the timers, or who is monitored.
    pub(crate) fn twice(&mut self, process: u32, held: Held, of: &str) -> &mut Self {
        let process = ProcessId(process);
        let of = self.term(of);
        self.push(Event::Twice { process, held, of })
    }

    /// The name that a process has by what was told so far.
    fn name_of(&self, process: u32) -> Option<Symbol> {
        let mut names = self.history.events().iter().rev();
        names.find_map(|event| match *event {
            Event::Registered { process: p, name } if p.0 == process => Some(Some(name)),
            Event::Unregistered { process: p, .. } if p.0 == process => Some(None),
            _ => None,
        })?
    }

    pub(crate) fn alive_in(
        &mut self,
        process: u32,
        module: &str,
        vsn: &str,
        state: &str,
    ) -> &mut Self {
        let code = Some(self.code(module, vsn));
        let state = Some(self.term(state));
        let name = self.name_of(process);
        self.push(Event::Final {
            process: ProcessId(process),
            code,
            state,
            queued: 0,
            name,
        })
    }

    pub(crate) fn abandoned(&mut self, reason: &str) -> &mut Self {
        let reason = self.term(reason);
        self.push(Event::Abandoned { reason })
    }
}
