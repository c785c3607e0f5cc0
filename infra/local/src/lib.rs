//! The whole of optopec on one machine: the deployed handlers, on emulated tables and queues spoken to over their real wire.

pub mod clock;
pub mod demo;
pub mod ecran;
pub mod faults;
pub mod gateway;
pub mod issuer;
pub mod kms;
pub mod local_routes;
pub mod oidc;
pub mod openapi;
mod page;
pub mod pollers;
pub mod queues;
pub mod seed;
pub mod system;
pub mod tables;
