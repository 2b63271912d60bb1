//! Random appups, translated by us and by the real `systools_rc`.

mod agree;
mod dice;
mod draw;
mod mistakes;
