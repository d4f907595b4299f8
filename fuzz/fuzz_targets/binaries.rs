#![no_main]

mod parsers {
    include!("../parsers.rs");
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| parsers::binaries(data));
