//! Shapes of the API that more than one function reads or writes, converted by hand from and to domain types.
//!
//! What must hold: reading reports everything at fault at once, with a JSON pointer each; writing shows `null` for what nobody knows.
//! The comments on shapes and their fields are French: the OpenAPI document shows them to whoever builds against the API.
//! Domain types have no serde, so nothing of the domain becomes public by accident.

pub mod client;
pub mod communs;
pub mod demande;
pub mod dossier;
pub mod lecture;
pub mod listes;
pub mod magasin;
