//! A bar on a terminal; nothing anywhere else.

use indicatif::{ProgressBar, ProgressStyle};
use upheaval::run::Progress;

/// How many cases pass between two looks at the bar.
const STRIDE: u64 = 64;

pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new(cases: u64) -> Bar {
        let bar = ProgressBar::new(cases);
        let style = "{bar:32} {pos}/{len} cases  {per_sec}  {msg}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        Bar(bar)
    }

    pub(crate) fn show(&self, progress: Progress) {
        if progress.cases.is_multiple_of(STRIDE) {
            self.0.set_position(progress.cases);
            if progress.violated > 0 {
                self.0
                    .set_message(format!("{} violated", progress.violated));
            }
        }
    }

    pub(crate) fn finish(self) {
        self.0.finish_and_clear();
    }
}
