//! Builds anew when the pages changed.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
