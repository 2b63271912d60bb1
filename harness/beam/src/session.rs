//! A connection to a node, over which it is asked for things.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use erl_dist::LOWEST_DISTRIBUTION_PROTOCOL_VERSION;
use erl_dist::handshake::{ClientSideHandshake, HandshakeError};
use erl_dist::node::{Creation, LocalNode, NodeName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::compat::TokioAsyncReadCompatExt;
use upheaval_term::{Atom, Pid, Ref, Term};

use crate::frame::{self, MAX_FRAME, read_message};
use crate::{BeamError, Node, Runtime};

/// How long a node may take to let us in.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How often a node that we have nothing to say to hears from us. It gives a peer
/// up that is silent for 45 seconds.
const TICK: Duration = Duration::from_secs(10);

/// How long a node may take to take a message in.
const WRITING: Duration = Duration::from_secs(30);

/// How long a node may say nothing at all before it is asked whether it lives, and then
/// before it is given up: its network kernel answers whatever its processes do.
const PULSE: Duration = Duration::from_secs(10);

/// The answers that somebody waits for, by the number of their reference, and why
/// there will be none any more.
#[derive(Debug, Default)]
struct Waiting {
    answers: HashMap<u32, SyncSender<Term>>,
    lost: Option<String>,
}

/// A connection to a node.
///
/// It is hidden from the node's other connections, is kept alive while nobody asks
/// for anything, and ends when this is dropped.
#[derive(Debug)]
pub struct Session {
    node: String,
    pid: Pid,
    next: AtomicU32,
    writer: UnboundedSender<Vec<u8>>,
    waiting: Arc<Mutex<Waiting>>,
    /// How many messages have come from the node.
    heard: Arc<AtomicU64>,
    pulse: Duration,
    /// What reads and writes; it must not end before the session does.
    _runtime: Runtime,
}

impl Session {
    /// Connects to a node.
    ///
    /// # Errors
    /// Nobody listens there, it is no Erlang node, or it refuses the cookie.
    pub fn open(runtime: &Runtime, node: &Node) -> Result<Session, BeamError> {
        let own_name = format!("upheaval_{:016x}@127.0.0.1", rand::random::<u64>());
        let creation = Creation::random();
        let connecting = connect(node, &own_name, creation);
        let stream = runtime.block_on(async {
            match tokio::time::timeout(HANDSHAKE, connecting).await {
                Ok(result) => result,
                Err(_) => Err(BeamError::Connect {
                    node: node.name().into(),
                    problem: format!(
                        "it did not complete the handshake within {} s; is it an Erlang node?",
                        HANDSHAKE.as_secs()
                    ),
                }),
            }
        })?;
        let (reader, writer) = stream.into_split();
        let (sender, outgoing) = unbounded_channel();
        let waiting = Arc::new(Mutex::new(Waiting::default()));
        runtime.spawn(write(writer, outgoing, Arc::clone(&waiting)));
        let heard = Arc::new(AtomicU64::new(0));
        runtime.spawn(read(reader, Arc::clone(&waiting), Arc::clone(&heard)));
        Ok(Session {
            node: node.name().into(),
            pid: Pid {
                // The handshake has taken the name for one.
                node: Atom::new(&own_name).unwrap_or(Atom::LOCAL_NODE),
                id: 1,
                serial: 0,
                creation: creation.get(),
            },
            next: AtomicU32::new(1),
            writer: sender,
            waiting,
            heard,
            pulse: PULSE,
            _runtime: runtime.clone(),
        })
    }

    /// How long the node may say nothing at all, 10 seconds if this is not said, before
    /// it is asked whether it lives; and then, before it is given up.
    #[must_use]
    pub fn with_pulse(mut self, pulse: Duration) -> Session {
        self.pulse = pulse;
        self
    }

    /// The node's name.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// `rpc:call(Module, Function, Args)`, for at most `patience`. What the call
    /// raises is its result, as `{badrpc,{'EXIT',Reason}}`.
    ///
    /// # Errors
    /// The node is lost, or does not answer in time.
    pub fn rpc(
        &self,
        module: &'static str,
        function: &'static str,
        args: Vec<Term>,
        patience: Duration,
    ) -> Result<Term, BeamError> {
        let doing = format!("calling {module}:{function}");
        let call = Term::Tuple(vec![
            Term::atom("call"),
            Term::atom(module),
            Term::atom(function),
            Term::List(args),
            Term::atom("user"),
        ]);
        let request = |from: Term, tag: Term| {
            Term::Tuple(vec![
                Term::atom("$gen_call"),
                Term::Tuple(vec![from, tag]),
                call,
            ])
        };
        self.ask("rex", request, &doing, patience)
    }

    /// Waits until the node hangs up; false where it does not within `patience`.
    pub fn ends_within(&self, patience: Duration) -> bool {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // Nobody is asked: only the end comes.
        match self.expect(number, "waiting for the end") {
            Ok(end) => end.recv_timeout(patience) == Err(RecvTimeoutError::Disconnected),
            Err(_) => true,
        }
    }

    /// Sends the message that `request` makes of our pid and a reference, and waits
    /// for `{Ref,Answer}`.
    pub(crate) fn ask(
        &self,
        to: &'static str,
        request: impl FnOnce(Term, Term) -> Term,
        doing: &str,
        patience: Duration,
    ) -> Result<Term, BeamError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let answer = self.expect(number, doing)?;
        let tag = tag(&self.pid, number);
        let message = request(Term::Pid(self.pid.clone()), tag);
        if self
            .writer
            .send(frame::to_name(&self.pid, to, &message))
            .is_err()
        {
            return Err(self.lost(doing));
        }
        let begun = Instant::now();
        let mut is_asked = false;
        loop {
            let heard = self.heard.load(Ordering::Relaxed);
            let left = patience.saturating_sub(begun.elapsed());
            match answer.recv_timeout(left.min(self.pulse)) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err(self.lost(doing)),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let is_silent = heard == self.heard.load(Ordering::Relaxed);
            if begun.elapsed() >= patience || (is_silent && is_asked) {
                self.lock().answers.remove(&number);
                let waited = begun.elapsed().min(patience).as_millis();
                return Err(BeamError::Silent {
                    node: self.node.clone(),
                    doing: doing.into(),
                    ms: u64::try_from(waited).unwrap_or(u64::MAX),
                });
            }
            if is_silent {
                self.ask_whether_it_lives(doing)?;
            }
            is_asked = is_silent;
        }
    }

    /// As `net_adm:ping` does. Whatever comes is a sign of life, and nobody waits for
    /// this answer.
    fn ask_whether_it_lives(&self, doing: &str) -> Result<(), BeamError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let from = Term::Tuple(vec![Term::Pid(self.pid.clone()), tag(&self.pid, number)]);
        let own = Term::tuple([Term::atom("is_auth"), Term::Atom(self.pid.node.clone())]);
        let message = Term::Tuple(vec![Term::atom("$gen_call"), from, own]);
        self.writer
            .send(frame::to_name(&self.pid, "net_kernel", &message))
            .map_err(|_| self.lost(doing))
    }

    fn expect(&self, number: u32, doing: &str) -> Result<Receiver<Term>, BeamError> {
        let (sender, receiver) = sync_channel(1);
        let mut waiting = self.lock();
        if waiting.lost.is_some() {
            drop(waiting);
            return Err(self.lost(doing));
        }
        waiting.answers.insert(number, sender);
        Ok(receiver)
    }

    fn lost(&self, doing: &str) -> BeamError {
        BeamError::Lost {
            node: self.node.clone(),
            doing: doing.into(),
            problem: (self.lock().lost.clone()).unwrap_or("the connection was closed".into()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn connect(node: &Node, own_name: &str, creation: Creation) -> Result<TcpStream, BeamError> {
    let failed = |problem: String| BeamError::Connect {
        node: node.name().into(),
        problem,
    };
    let stream = TcpStream::connect(node.address()).await.map_err(|error| {
        failed(format!(
            "nothing listens on {} ({error}); is the node up?",
            node.address()
        ))
    })?;
    // A request that waits for the acknowledgement of the one before takes 40 ms.
    stream
        .set_nodelay(true)
        .map_err(|error| failed(error.to_string()))?;
    let own_name: NodeName = own_name
        .parse()
        .map_err(|error| failed(format!("{error}")))?;
    let local = LocalNode::new(own_name, creation);
    let mut handshake = ClientSideHandshake::new(stream.compat(), local, node.cookie().secret());
    handshake
        .execute_send_name(LOWEST_DISTRIBUTION_PROTOCOL_VERSION)
        .await
        .map_err(|error| {
            failed(format!(
                "the handshake failed: {error}; give the port of an Erlang node, or leave it out \
                 and epmd is asked for it (which listens on 4369 itself)"
            ))
        })?;
    match handshake.execute_rest(true).await {
        Ok((stream, peer)) if peer.name.to_string() == node.name() => Ok(stream.into_inner()),
        Ok((_, peer)) => Err(failed(format!(
            "the node that answers on {} is {}; give that name if it is the one, for only nodes \
             of this machine can be attached to",
            node.address(),
            peer.name
        ))),
        Err(HandshakeError::CookieMismatch) => Err(wrong_cookie(node)),
        // A node that does not like the answer to its challenge hangs up.
        Err(HandshakeError::Io(error)) if is_hang_up(&error) => Err(wrong_cookie(node)),
        Err(error) => Err(failed(format!("the handshake failed: {error}"))),
    }
}

fn is_hang_up(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
    )
}

fn wrong_cookie(node: &Node) -> BeamError {
    BeamError::WrongCookie {
        node: node.name().into(),
    }
}

/// Writes what is to be sent, each message in one piece, and a tick where there is
/// nothing. It ends with the session.
async fn write(
    mut stream: OwnedWriteHalf,
    mut outgoing: UnboundedReceiver<Vec<u8>>,
    waiting: Arc<Mutex<Waiting>>,
) {
    loop {
        let frame = match tokio::time::timeout(TICK, outgoing.recv()).await {
            Ok(Some(frame)) => frame,
            Ok(None) => return,
            Err(_) => vec![0; 4],
        };
        let problem = match tokio::time::timeout(WRITING, stream.write_all(&frame)).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("it takes nothing in for {} s", WRITING.as_secs()),
        };
        return give_up(&waiting, problem);
    }
}

/// Reads what the node sends, and hands the answers out. It ends when the node
/// hangs up, or says what is no message.
async fn read(mut stream: OwnedReadHalf, waiting: Arc<Mutex<Waiting>>, heard: Arc<AtomicU64>) {
    let mut frame = Vec::new();
    loop {
        match next(&mut stream, &mut frame).await {
            Ok(message) => {
                heard.fetch_add(1, Ordering::Relaxed);
                if let Some((number, answer)) = message.and_then(answer_of) {
                    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(sender) = waiting.answers.remove(&number) {
                        // Whoever waited may have given up just now.
                        let _ = sender.try_send(answer);
                    }
                }
            }
            Err(problem) => return give_up(&waiting, problem),
        }
    }
}

async fn next(stream: &mut OwnedReadHalf, frame: &mut Vec<u8>) -> Result<Option<Term>, String> {
    let length = stream
        .read_u32()
        .await
        .map_err(|_| String::from("it hung up"))? as usize;
    if length > MAX_FRAME {
        return Err(format!(
            "it announced a message of {length} bytes, and {MAX_FRAME} is the limit"
        ));
    }
    frame.clear();
    // What is announced is not allocated before it comes.
    let mut body = stream.take(length as u64);
    let read = body
        .read_to_end(frame)
        .await
        .map_err(|error| format!("it hung up in a message: {error}"))?;
    if read < length {
        return Err("it hung up in a message".into());
    }
    read_message(frame)
}

/// The reference of a request.
fn tag(pid: &Pid, number: u32) -> Term {
    // Erlang reads no more than 18 bits of the first word.
    let words = [number & 0x3_ffff, number >> 18, 0];
    match Ref::new(pid.node.clone(), pid.creation, &words) {
        Some(tag) => Term::Ref(tag),
        None => unreachable!("three words make a reference"),
    }
}

/// `{Ref,Answer}`.
fn answer_of(message: Term) -> Option<(u32, Term)> {
    match message {
        Term::Tuple(mut parts) if parts.len() == 2 => {
            let answer = parts.pop()?;
            match parts.pop()? {
                Term::Ref(tag) => match tag.ids() {
                    [low, high, ..] => Some((low | high << 18, answer)),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

fn give_up(waiting: &Mutex<Waiting>, problem: String) {
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.lost.get_or_insert(problem);
    // Their senders gone, those who wait are told.
    waiting.answers.clear();
}
