//! Writes the two answers. Empty elements are left out; every text is escaped.

use crate::lire::NAMESPACE;
use optopec_domain::{
    centimes::Centimes,
    reponse::{Avis, Reponse, Statut},
};
use quick_xml::escape::escape;

/// `OPAMCRSP`.
pub fn rsp(reference: &str, reponse: &Reponse) -> String {
    let details = &reponse.details;
    let mut out = format!("<OPAMCRSP xmlns=\"{NAMESPACE}\" version=\"1\">");
    element(&mut out, "Reference", Some(reference));
    let (statut, origine) = match &reponse.statut {
        Statut::Accordee => ("ACCORDEE", None),
        Statut::AccordeeSousReserve => ("ACCORDEE_SOUS_RESERVE", None),
        Statut::EnAttente => ("EN_ATTENTE", None),
        Statut::Refusee(origine) => ("REFUSEE", Some(origine.as_str())),
        Statut::Annulee => ("ANNULEE", None),
        Statut::Expiree => ("EXPIREE", None),
        Statut::Inconnue => ("INCONNUE", None),
        Statut::Nouveau(raw) => (raw.as_str(), None),
    };
    element(&mut out, "Statut", Some(statut));
    element(&mut out, "Origine", origine);
    element(&mut out, "ReferenceDossier", details.reference_dossier.as_deref());
    element(&mut out, "NumeroPec", details.numero_pec.as_deref());
    element(&mut out, "DatePec", details.date_pec.map(|d| d.to_string()).as_deref());
    element(&mut out, "Expiration", details.expiration.map(|d| d.to_string()).as_deref());
    element(&mut out, "MontantGlobal", details.montant_global.map(Centimes::to_decimal).as_deref());
    for (numero, montant) in &details.lignes {
        out.push_str(&format!("<Ligne numero=\"{numero}\"><MontantRC>{}</MontantRC></Ligne>", montant.to_decimal()));
    }
    message(&mut out, details.code.as_deref(), details.message.as_deref());
    element(&mut out, "DelaiHeures", details.delai_heures.map(|h| h.to_string()).as_deref());
    out.push_str("</OPAMCRSP>");
    out
}

/// `OPAMCADV`.
pub fn adv(reference: &str, avis: &Avis) -> String {
    let mut out = format!("<OPAMCADV xmlns=\"{NAMESPACE}\" version=\"1\">");
    element(&mut out, "Reference", Some(reference));
    element(&mut out, "Resultat", Some(avis.resultat.as_str()));
    message(&mut out, avis.code.as_deref(), avis.message.as_deref());
    out.push_str("</OPAMCADV>");
    out
}

fn element(out: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        out.push_str(&format!("<{name}>{}</{name}>", escape(text)));
    }
}

fn message(out: &mut String, code: Option<&str>, text: Option<&str>) {
    let code = code.map(|c| format!(" code=\"{}\"", escape(c))).unwrap_or_default();
    if let Some(text) = text {
        out.push_str(&format!("<Message{code}>{}</Message>", escape(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use optopec_domain::reponse::{Details, Origine, Resultat};

    #[test]
    fn an_agreement_is_written_to_the_letter() {
        let details = Details {
            reference_dossier: Some("RD-8841".into()),
            numero_pec: Some("26-000123".into()),
            date_pec: Some(date(2026, 11, 21)),
            expiration: Some(date(2027, 1, 20)),
            montant_global: Some(Centimes::of(30_000)),
            lignes: vec![(1, Centimes::of(10_000))],
            ..Details::default()
        };
        let expected = [
            r#"<OPAMCRSP xmlns="urn:optopec:opamc:1" version="1"><Reference>dem_1&lt;</Reference><Statut>ACCORDEE</Statut>"#,
            "<ReferenceDossier>RD-8841</ReferenceDossier><NumeroPec>26-000123</NumeroPec><DatePec>2026-11-21</DatePec><Expiration>2027-01-20</Expiration>",
            r#"<MontantGlobal>300.00</MontantGlobal><Ligne numero="1"><MontantRC>100.00</MontantRC></Ligne></OPAMCRSP>"#,
        ];
        assert_eq!(rsp("dem_1<", &Reponse { statut: Statut::Accordee, details }), expected.concat());
    }

    #[test]
    fn a_refusal_a_wait_and_a_cancellation_are_written_to_the_letter() {
        let refus = Details { code: Some("MUT-01".into()), message: Some("Adhérent inconnu".into()), ..Details::default() };
        assert_eq!(
            rsp("r", &Reponse { statut: Statut::Refusee(Origine::Mutuelle), details: refus }),
            r#"<OPAMCRSP xmlns="urn:optopec:opamc:1" version="1"><Reference>r</Reference><Statut>REFUSEE</Statut><Origine>MUTUELLE</Origine><Message code="MUT-01">Adhérent inconnu</Message></OPAMCRSP>"#
        );
        let attente = Details { delai_heures: Some(48), ..Details::default() };
        assert_eq!(
            rsp("r", &Reponse { statut: Statut::EnAttente, details: attente }),
            r#"<OPAMCRSP xmlns="urn:optopec:opamc:1" version="1"><Reference>r</Reference><Statut>EN_ATTENTE</Statut><DelaiHeures>48</DelaiHeures></OPAMCRSP>"#
        );
        assert_eq!(
            adv("r", &Avis { resultat: Resultat::Refusee, code: Some("MUT-20".into()), message: Some("Non".into()) }),
            r#"<OPAMCADV xmlns="urn:optopec:opamc:1" version="1"><Reference>r</Reference><Resultat>REFUSEE</Resultat><Message code="MUT-20">Non</Message></OPAMCADV>"#
        );
    }
}
