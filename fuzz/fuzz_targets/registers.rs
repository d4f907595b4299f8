#![no_main]

#[path = "../../app/src/readers/mod.rs"]
#[allow(dead_code, reason = "a target reads one kind")]
mod readers;
mod replay {
    include!("../replay.rs");
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| replay::registers(data));
