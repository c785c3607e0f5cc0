//! A small piece that several readers of bodies need, beside the field-by-field reading of [`super::lecture`].

use optopec_domain::erreur::Invalide;
use serde_json::Value;

/// A decimal number as it was written, from a text or a JSON number: `"12,5"`, `12.5`, `12`. The digits never pass through a float.
pub fn decimal(valeur: &Value) -> Result<String, Invalide> {
    match valeur {
        Value::String(text) => Ok(text.trim().to_owned()),
        // The shortest writing of a JSON number of at most a few digits is the one that was sent; an exponent is refused by whoever parses it.
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(Invalide::new("TYPE", "Un nombre décimal est attendu.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn decimals_keep_their_digits() {
        for (value, expected) in [(json!("12,5"), "12,5"), (json!(12.5), "12.5"), (json!(12), "12"), (json!(33.33), "33.33"), (json!(0.1), "0.1")] {
            assert_eq!(decimal(&value).as_deref(), Ok(expected));
        }
        assert!(decimal(&json!(true)).is_err());
    }
}
