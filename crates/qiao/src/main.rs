//! The qiao binary.
fn main() {}
