//! Every test that needs more than one module, in one binary: a frame library links slowly.

mod golden;
