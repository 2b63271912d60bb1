//! What a program prints: read to the end, so that it never blocks on a full pipe,
//! and the last of it kept for error messages.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How many lines are kept.
const KEPT: usize = 8;

/// The most characters of a line that are kept.
const WIDTH: usize = 200;

/// The last lines of a program's two streams.
#[derive(Clone, Debug, Default)]
pub(crate) struct Output(Arc<Mutex<VecDeque<String>>>);

impl Output {
    /// Reads a stream to its end, on a thread of its own. Each line of `signal`
    /// is passed on instead of being kept; the receiver hangs up at the end.
    pub(crate) fn drain(
        &self,
        stream: impl Read + Send + 'static,
        signal: &'static str,
    ) -> Receiver<()> {
        let (sender, receiver): (Sender<()>, _) = channel();
        let output = self.clone();
        thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            loop {
                line.clear();
                // A line without an end is cut, and its rest is the next line.
                let mut part = (&mut stream).take(64 * 1024);
                match part.read_until(b'\n', &mut line) {
                    Ok(0) | Err(_) => return,
                    Ok(_) => {}
                }
                let text = String::from_utf8_lossy(&line);
                let text = text.trim_end();
                if !signal.is_empty() && text == signal {
                    // Whoever waited may have given up.
                    let _ = sender.send(());
                } else if !text.is_empty() {
                    output.keep(text.chars().take(WIDTH).collect());
                }
            }
        });
        receiver
    }

    fn keep(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// What was printed last, in one line.
    pub(crate) fn last(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Vec::from_iter(lines.iter().map(String::as_str)).join(" / ")
    }
}
