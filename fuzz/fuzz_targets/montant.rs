//! Amounts, percentages, powers and lengths.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| optopec_fuzz::montant(octets));
