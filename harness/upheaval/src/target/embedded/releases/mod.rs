//! The release handler of the embedded node: releases unpacked, installed up and down
//! along what their appups say, made permanent and removed (C10 to C16).

mod alone;
mod applications;
mod apply;
mod books;
mod convert;
mod evaluate;
mod handler;
mod paths;
mod restart;
mod spoilt;
mod supervised;
mod ways;

pub(super) use handler::Handler;
pub(super) use ways::Ways;
