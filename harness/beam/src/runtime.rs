//! The threads that look after connections.

use std::future::Future;
use std::sync::Arc;

use crate::BeamError;

/// A tokio runtime with one thread, for all sessions of a program: it reads what
/// the nodes send and keeps the connections alive while nobody asks for anything.
#[derive(Clone, Debug)]
pub struct Runtime(Arc<tokio::runtime::Runtime>);

impl Runtime {
    /// Starts it.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn new() -> Result<Runtime, BeamError> {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("upheaval-beam")
            .enable_io()
            .enable_time()
            .build()
            .map(|runtime| Runtime(Arc::new(runtime)))
            .map_err(|error| BeamError::System {
                action: "start the thread for connections".into(),
                error: error.to_string(),
            })
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.0.block_on(future)
    }

    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(future);
    }
}
