//! A bar on a terminal; nothing anywhere else.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use upheaval::run::Progress;

use crate::print;

/// How often the bar is drawn at most, in milliseconds.
const INTERVAL: u64 = 100;

/// Says that the modules of a scenario are being built.
pub(crate) fn say_building(scenario: &str) {
    print::say(format_args!("building the modules of scenario {scenario}"));
}

pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// Says that the modules of a scenario are being built.
    pub(crate) fn new(scenario: &str) -> Bar {
        say_building(scenario);
        let bar = ProgressBar::new(0);
        let style = "{bar:32} {pos}/{len} cases  {per_sec}  {msg}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        Bar(bar)
    }

    /// The same for a soak, which goes on for a time, in seconds.
    pub(crate) fn of_time(seconds: u64) -> Bar {
        let bar = ProgressBar::new(seconds);
        let style = "{bar:32} {msg}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(INTERVAL));
        Bar(bar)
    }

    pub(crate) fn at_time(&self, seconds: u64, message: String) {
        self.0.set_position(seconds);
        self.0.set_message(message);
    }

    /// Says something beside the bar.
    pub(crate) fn say(&self, text: impl std::fmt::Display) {
        self.0.suspend(|| print::say(text));
    }

    /// The cases begin.
    pub(crate) fn begin(&self, cases: u64) {
        self.0.set_length(cases);
        self.0.reset();
        self.0.enable_steady_tick(Duration::from_millis(INTERVAL));
    }

    pub(crate) fn at(&self, cases: u64) {
        self.0.set_position(cases);
    }

    pub(crate) fn show(&self, progress: Progress) {
        self.0.set_position(progress.cases);
        if progress.violated > 0 {
            self.0
                .set_message(format!("{} violated", progress.violated));
        }
    }

    pub(crate) fn finish(self) {
        self.0.finish_and_clear();
    }
}
