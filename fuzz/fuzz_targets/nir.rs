//! Social security numbers.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| optopec_fuzz::nir(octets));
