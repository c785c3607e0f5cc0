//! A data key, wrapped. Which key wraps it lives beside the shape.

use super::Illisible;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(crate) struct CleItem {
    enveloppe: String,
}

impl CleItem {
    pub(crate) fn of(octets: &[u8]) -> Self {
        Self { enveloppe: STANDARD.encode(octets) }
    }

    pub(crate) fn read(self) -> Result<Vec<u8>, Illisible> {
        STANDARD.decode(self.enveloppe).map_err(|_| Illisible("BASE64"))
    }
}
