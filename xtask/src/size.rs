//! Every flag whose only purpose is a smaller package.
//!
//! The figure beside a flag is what the default entry would gain without it: bytes after brotli, measured with an entry of
//! 53,473 B on the small standard library. A flag that saves less than 0.5 % with both standard libraries does not belong
//! here.
//!
//! The release profile is in `Cargo.toml`, as cargo reads it there. Its opt-level "z" saves 1,170 B over "s", one codegen
//! unit 5,298 B, link-time optimization 43 B.

/// Flags for any rustc.
pub const RUSTC: [&str; 1] = [
    // 143 B; 589 B with an ordinary standard library. Inlines slightly larger functions than opt-level "z" does.
    "-Cllvm-args=-inline-threshold=25",
];

/// Flags for a rustc that takes unstable ones, which is the case with the small standard library.
pub const RUSTC_UNSTABLE: [&str; 3] = [
    // 1,467 B. Compiles generic code of the standard library together with ours.
    "-Zshare-generics=no",
    // 841 B. Inlines before code generation, as builds for speed do.
    "-Zinline-mir=yes",
    // 362 B. Leaves out the source locations of panics. The module prints no panic.
    "-Zlocation-detail=none",
];

/// 2,148 B. A panic is a trap without a message. The crate and its standard library need the same setting.
pub const IMMEDIATE_ABORT: [&str; 2] = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/// Arguments for the build of the small standard library.
pub const STD: [&str; 1] = [
    // 754 B. Selects the smaller of two implementations, for sorting or printing numbers, for example.
    "--features=optimize_for_size",
];

/// Arguments for wasm-opt.
///
/// wasm-opt reads the features of WebAssembly from the module. Never add `--all-features`: wasm-opt then emits types that
/// Node refuses.
pub const WASM_OPT: [&str; 5] = [
    // 425 B, with the second pass over everything below. Builds each function's blocks and loops anew.
    "--flatten",
    "--rereloop",
    // 1,815 B.
    "-Oz",
    "-Oz",
    // 1,146 B. A large function with one caller stays a function of its own: brotli then finds more repetition.
    "--one-caller-inline-max-function-size=50",
];

/// 2,296 B. Arguments for esbuild, for the entries that are loaded over the network; see [`crate::entries`].
pub const ESBUILD: [&str; 1] = ["--minify"];
