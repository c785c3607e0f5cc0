//! The closed lists of the domain as the contract shows them: one text each, the same everywhere, listed in OpenAPI from the domain
//! itself so that the document cannot disagree with what is accepted.

use optopec_domain::{acces, client, consentement, credit, demande, dossier, magasin, mutuelle, reponse};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

macro_rules! liste {
    ($(#[$doc:meta])* $name:ident, $domain:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $domain);

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_str())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(<$domain>::ALL.iter().map(|v| v.as_str()))).into()
            }
        }

        impl ToSchema for $name {}

        impl From<$domain> for $name {
            fn from(valeur: $domain) -> Self {
                Self(valeur)
            }
        }
    };
}

liste!(/// Why somebody saw a NIR in clear.
    MotifAcces, acces::MotifAcces);
liste!(/// What the beneficiary is to the insured person.
    Qualite, client::Qualite);
liste!(/// How a consent was signed.
    Canal, consentement::Canal);
liste!(/// Which concentrator.
    Mode, magasin::Mode);
liste!(/// What an equipment is.
    TypeEquipement, dossier::TypeEquipement);
liste!(/// What it is for.
    Vision, dossier::Vision);
liste!(/// Why the health insurance pays.
    CodeRisque, dossier::CodeRisque);
liste!(/// Category of a line.
    Categorie, dossier::Categorie);
liste!(/// Which eye.
    Cote, dossier::Cote);
liste!(/// Class since 2020.
    Classe, dossier::Classe);
liste!(/// Surface of a lens.
    Surface, dossier::Surface);
liste!(/// PEC or cotation.
    Nature, demande::Nature);
liste!(/// Where a demande stands.
    EtatPublic, demande::EtatPublic);
liste!(/// What became of a demande's credits.
    EtatCredit, credit::EtatCredit);
liste!(/// What happened to a demande.
    Quoi, demande::Quoi);
liste!(/// Who refused.
    Origine, reponse::Origine);
liste!(/// What may be done with a demande.
    Action, demande::Action);
liste!(/// Which electronic PEC a mutuelle takes.
    Pec, mutuelle::Pec);
liste!(/// A number on the card that a mutuelle cannot do without.
    ChampRequis, mutuelle::ChampRequis);
liste!(/// An optional field of the message.
    ChampFacultatif, magasin::ChampFacultatif);
liste!(/// Where a mutuelle comes from.
    OrigineMutuelle, mutuelle::OrigineMutuelle);
liste!(/// How a forfait is computed.
    TypeForfait, mutuelle::TypeForfait);
liste!(/// What a percentage is of.
    Assiette, mutuelle::Assiette);
liste!(/// What a movement of the ledger is.
    TypeMouvement, credit::TypeMouvement);
