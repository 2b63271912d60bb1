//! What can go wrong between a harness and a real node.

use std::path::PathBuf;

/// Why a real node could not be started, reached or driven.
///
/// Each message names the node or the file and says what to do. No message holds
/// a cookie.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BeamError {
    /// There is no Erlang.
    #[error(
        "failed to find Erlang: there is no `{}` that can be run ({error}); install it (Debian: apt-get install erlang-base), or name one with --erl",
        path.display()
    )]
    NoErl {
        /// What was looked for.
        path: PathBuf,
        /// What the system said.
        error: String,
    },
    /// A program that is no Erlang.
    #[error(
        "failed to use {}: it is no Erlang: {problem}; name the `erl` of an Erlang/OTP installation",
        path.display()
    )]
    NotErl {
        /// The program.
        path: PathBuf,
        /// What it did instead.
        problem: String,
    },
    /// A node did not boot.
    #[error("failed to start a node with {}: {problem}{}", path.display(), quoted(.output))]
    Boot {
        /// The `erl`.
        path: PathBuf,
        /// What happened.
        problem: String,
        /// What it printed last.
        output: String,
    },
    /// Something of the system failed.
    #[error("failed to {action}: {error}")]
    System {
        /// What was being done.
        action: String,
        /// What the system said.
        error: String,
    },
    /// A name that no node can have.
    #[error(
        "failed to attach to `{name}`: {problem}; give the full name of a node on this machine, like shop@127.0.0.1, or shop@127.0.0.1:PORT where it runs without epmd"
    )]
    NodeName {
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A cookie file that cannot be used.
    #[error("failed to read the cookie file {}: {problem}", path.display())]
    CookieFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Nobody listens there, or it is no node.
    #[error("failed to connect to node {node}: {problem}")]
    Connect {
        /// The node.
        node: String,
        /// What happened.
        problem: String,
    },
    /// The node does not take the cookie.
    #[error(
        "failed to connect to node {node}: it refused the cookie; use the cookie file that the node was started with"
    )]
    WrongCookie {
        /// The node.
        node: String,
    },
    /// The node is gone, or said something that is no message.
    #[error("lost node {node} while {doing}: {problem}")]
    Lost {
        /// The node.
        node: String,
        /// What was being done.
        doing: String,
        /// What happened.
        problem: String,
    },
    /// The node did not answer in time.
    #[error(
        "node {node} did not answer within {ms} ms while {doing}; it is overloaded, stopped, or a module on it never returns"
    )]
    Silent {
        /// The node.
        node: String,
        /// What was being done.
        doing: String,
        /// How long it was waited for, in milliseconds.
        ms: u64,
    },
    /// The agent could not be loaded.
    #[error("failed to load the agent on node {node}: {problem}")]
    Agent {
        /// The node.
        node: String,
        /// What the node said.
        problem: String,
    },
    /// The agent failed at what it was asked for.
    #[error("the agent on node {node} failed while {doing}: {problem}")]
    Failed {
        /// The node.
        node: String,
        /// What was being done.
        doing: String,
        /// The exception, as a term.
        problem: String,
    },
    /// Releases could not be made.
    #[error("failed to make the releases of `{release}`: {problem}")]
    Release {
        /// The name that they share.
        release: String,
        /// The words of systools.
        problem: String,
    },
    /// A source does not compile.
    #[error("failed to compile {}: {problem}", path.display())]
    Compile {
        /// The source.
        path: PathBuf,
        /// The compiler's words, with line and column.
        problem: String,
    },
}

impl BeamError {
    /// Whether the node is lost, so that another one has to take its place.
    pub fn is_fatal_to_the_node(&self) -> bool {
        matches!(
            self,
            BeamError::Lost { .. }
                | BeamError::Silent { .. }
                | BeamError::Failed { .. }
                | BeamError::Agent { .. }
        )
    }
}

fn quoted(output: &str) -> String {
    match output.trim() {
        "" => String::new(),
        said => format!("; it said: {said}"),
    }
}
