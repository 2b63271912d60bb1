//! Stacks for callbacks that can block.
//!
//! A [`Worker`] is a pooled coroutine. It runs one entry of a module at a time;
//! when the entry traps, the worker yields the trap to the node and waits for
//! the answer, with the entry's frames on its stack. Those frames are what makes
//! a process linger in old code.

use std::cell::RefCell;
use std::ffi::c_void;
use std::fmt;
use std::rc::Rc;

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use upheaval_module::abi::{Answer, Bytes, Call, Entry, Host, Outcome, Trap, answer};

use crate::signal::Payload;

/// Room for one callback and all that it calls, in bytes. Only pages that are
/// touched are ever real.
const STACK_SIZE: usize = 256 * 1024;

/// How often a killed callback may trap again instead of unwinding, before its
/// stack is given up.
const MOST_REFUSALS: u32 = 1000;

/// One entry to be run: which, for whom, with what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job {
    pub(crate) entry: Entry,
    pub(crate) process: u64,
    pub(crate) call: Call,
}

/// What a worker is woken with.
enum Wake {
    /// The job is the waker's, and is copied before anything else is done.
    Run(*const Job),
    Answered,
    Stop,
}

/// What a worker yields.
enum Yielded {
    Trap(PendingTrap),
    /// It lies on the worker's stack until the worker is woken again.
    Done(*const Outcome),
}

/// Why a worker handed control back.
pub(crate) enum Pause {
    /// The entry asks for something, and waits with its stack.
    Trap(Waiting),
    /// The entry has returned; the worker is back in its pool.
    Done(Returned),
}

/// What an entry came to, with its data copied out of the module.
#[derive(Debug)]
pub(crate) struct Returned {
    /// A number of [`outcome`](upheaval_module::abi::outcome).
    pub(crate) kind: u32,
    /// A state value that was made; its owner is whoever holds this.
    pub(crate) state: *mut c_void,
    pub(crate) data: Payload,
    /// The reply that goes with a stop, or what to continue with; else empty, and
    /// then it costs nothing.
    pub(crate) second: Vec<u8>,
    /// A number of [`next`](upheaval_module::abi::next).
    pub(crate) next: u32,
    /// What else it says, yes or no.
    pub(crate) flag: bool,
    /// Milliseconds that go with it.
    pub(crate) ms: u64,
}

impl Returned {
    /// Copies an outcome that has just come out of an entry.
    ///
    /// # Safety
    /// No code of the module may have run since.
    unsafe fn copy(outcome: &Outcome) -> Returned {
        // SAFETY: the ABI keeps both terms until the module is entered again.
        let (data, second) = unsafe { (outcome.data.as_slice(), outcome.second.as_slice()) };
        Returned {
            kind: outcome.kind,
            state: outcome.state,
            data: Payload::from_slice(data),
            second: second.to_vec(),
            next: outcome.next,
            flag: outcome.flag,
            ms: outcome.ms,
        }
    }
}

/// A trap that waits for its answer.
#[derive(Clone, Copy, Debug)]
struct PendingTrap {
    trap: *const Trap,
    answer: *mut Answer,
}

/// An entry that waits in a trap, on a stack of its own.
///
/// Dropping it kills the entry: it unwinds and returns.
#[derive(Debug)]
pub(crate) struct Waiting {
    worker: Option<Worker>,
    pending: PendingTrap,
    stacks: Stacks,
}

impl Waiting {
    fn asked(&self) -> &Trap {
        // SAFETY: the trap lies on the worker's stack, which stays as it is
        // until the worker is woken, and that consumes this value.
        unsafe { &*self.pending.trap }
    }

    /// A number of [`trap`](upheaval_module::abi::trap): what is asked.
    pub(crate) fn op(&self) -> u32 {
        self.asked().op
    }

    pub(crate) fn flag(&self) -> bool {
        self.asked().flag
    }

    pub(crate) fn process(&self) -> u64 {
        self.asked().process
    }

    pub(crate) fn reference(&self) -> u64 {
        self.asked().reference
    }

    pub(crate) fn ms(&self) -> u64 {
        self.asked().ms
    }

    /// The term that comes with the trap.
    pub(crate) fn data(&self) -> &[u8] {
        // SAFETY: the module keeps it until the trap is answered.
        unsafe { self.asked().data.as_slice() }
    }

    /// The second term that comes with the trap.
    pub(crate) fn second(&self) -> &[u8] {
        // SAFETY: the module keeps it until the trap is answered.
        unsafe { self.asked().second.as_slice() }
    }

    /// The name that comes with the trap. What is not UTF-8 is no name that
    /// anybody has.
    pub(crate) fn name(&self) -> &str {
        // SAFETY: the module keeps it until the trap is answered.
        std::str::from_utf8(unsafe { self.asked().name.as_slice() }).unwrap_or("\0")
    }

    /// The module's name that comes with the trap.
    pub(crate) fn module(&self) -> &str {
        // SAFETY: the module keeps it until the trap is answered.
        std::str::from_utf8(unsafe { self.asked().module.as_slice() }).unwrap_or("\0")
    }

    /// Answers the trap and runs the entry on. The answer's data must stay as
    /// it is until then only: the entry reads it before it traps again.
    pub(crate) fn resume(mut self, status: u32, reply: Reply<'_>) -> Pause {
        let Some(worker) = self.worker.take() else {
            unreachable!("a waiting entry has its worker until it is resumed")
        };
        let answer = Answer {
            status,
            process: reply.process,
            reference: reply.reference,
            number: reply.number,
            data: Bytes::of(reply.data),
            entry: reply.entry,
        };
        worker.answer(self.pending, answer, &self.stacks)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(mut worker) = self.worker.take() else {
            return;
        };
        for _ in 0..MOST_REFUSALS {
            // SAFETY: the entry waits in this very trap.
            unsafe { *self.pending.answer = Answer::of(answer::KILL) };
            match worker.wake(Wake::Answered) {
                Yielded::Done(_) => return self.stacks.give_back(worker),
                Yielded::Trap(again) => self.pending = again,
            }
        }
        // Dropping the coroutine would unwind through the module's frames,
        // which let nothing through.
        std::mem::forget(worker);
    }
}

/// What a trap is answered with, besides its status.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reply<'a> {
    pub(crate) process: u64,
    pub(crate) reference: u64,
    pub(crate) number: u64,
    pub(crate) data: &'a [u8],
    pub(crate) entry: Option<Entry>,
}

type Inner = Coroutine<Wake, Yielded, (), DefaultStack>;

/// A pooled coroutine.
struct Worker(Inner);

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

impl Worker {
    fn new() -> std::io::Result<Worker> {
        let stack = DefaultStack::new(STACK_SIZE)?;
        Ok(Worker(Coroutine::with_stack(stack, work)))
    }

    fn answer(self, pending: PendingTrap, answer: Answer, stacks: &Stacks) -> Pause {
        // SAFETY: the entry waits in this very trap, so the answer is there to
        // be written.
        unsafe { *pending.answer = answer };
        self.run(Wake::Answered, stacks)
    }

    fn run(mut self, wake: Wake, stacks: &Stacks) -> Pause {
        match self.wake(wake) {
            Yielded::Trap(pending) => Pause::Trap(Waiting {
                worker: Some(self),
                pending,
                stacks: stacks.clone(),
            }),
            Yielded::Done(outcome) => {
                // SAFETY: it has just come out of the entry, and the worker that
                // holds it has not been woken since.
                let returned = unsafe { Returned::copy(&*outcome) };
                stacks.give_back(self);
                Pause::Done(returned)
            }
        }
    }

    fn wake(&mut self, wake: Wake) -> Yielded {
        match self.0.resume(wake) {
            CoroutineResult::Yield(yielded) => yielded,
            CoroutineResult::Return(()) => {
                unreachable!("a worker ends only when it is dropped")
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Only a worker that waits for work is ever dropped.
        self.0.resume(Wake::Stop);
    }
}

/// The body of a worker: one entry after another, until it is told to stop.
fn work(yielder: &Yielder<Wake, Yielded>, first: Wake) {
    let mut wake = first;
    while let Wake::Run(job) = wake {
        // SAFETY: whoever woke the worker keeps the job until it hands control back.
        let job = unsafe { *job };
        let host = Host {
            context: std::ptr::from_ref(yielder).cast_mut().cast::<c_void>(),
            trap,
            process: job.process,
        };
        let mut outcome = Outcome::of(0);
        // SAFETY: the three pointers are to live values of this frame, and
        // whoever made the job vouches for `call`.
        unsafe { (job.entry)(&host, &job.call, &mut outcome) };
        wake = yielder.suspend(Yielded::Done(&raw const outcome));
    }
}

/// [`Host::trap`] of a worker.
unsafe extern "C" fn trap(context: *mut c_void, trap: *const Trap, answer: *mut Answer) {
    // SAFETY: `context` is the yielder that `work` put into the host, and the
    // entry runs on that yielder's stack, below its frame.
    let yielder = unsafe { &*context.cast::<Yielder<Wake, Yielded>>() };
    yielder.suspend(Yielded::Trap(PendingTrap { trap, answer }));
}

/// Runs an entry that has no business with the node: reading, dumping and
/// dropping a state. It needs no stack of its own, and a trap fails.
pub(crate) fn run_aside(job: Job) -> Returned {
    let host = Host {
        context: std::ptr::null_mut(),
        trap: refuse,
        process: job.process,
    };
    let mut outcome = Outcome::of(0);
    // SAFETY: as in `work`.
    unsafe { (job.entry)(&host, &job.call, &mut outcome) };
    // SAFETY: it has just come out of the entry.
    unsafe { Returned::copy(&outcome) }
}

unsafe extern "C" fn refuse(_: *mut c_void, _: *const Trap, answer: *mut Answer) {
    // SAFETY: the ABI demands a valid pointer for writing.
    unsafe { *answer = Answer::of(answer::NOTHING) };
}

/// Workers that wait for work, shared by all nodes of a thread.
#[derive(Clone, Debug, Default)]
pub struct Stacks(Rc<RefCell<Vec<Worker>>>);

impl Stacks {
    /// No stack yet: they are made when they are needed, and kept.
    pub fn new() -> Self {
        Stacks::default()
    }

    /// Runs an entry, on a stack of its own, until it traps or returns.
    ///
    /// # Panics
    /// If the system has no memory left to map a stack.
    pub(crate) fn run(&self, job: Job) -> Pause {
        let pooled = self.0.borrow_mut().pop();
        let worker = pooled.unwrap_or_else(|| match Worker::new() {
            Ok(worker) => worker,
            Err(error) => panic!("failed to map a stack of {STACK_SIZE} bytes: {error}"),
        });
        worker.run(Wake::Run(&raw const job), self)
    }

    fn give_back(&self, worker: Worker) {
        self.0.borrow_mut().push(worker);
    }
}
