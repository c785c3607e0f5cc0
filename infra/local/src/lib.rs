//! To be written.

pub mod clock;
pub mod faults;
pub mod issuer;
pub mod pollers;
pub mod queues;
pub mod tables;
