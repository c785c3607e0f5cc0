//! « Demande par fax »: the way out where a mutuelle takes no electronic request, or nothing works.
//!
//! What must hold: it says what the electronic request would say, made by the same function
//! ([`optopec_domain::verification::content`]): what is hidden or switched off is not on it. It is marked « NON SIGNÉ » as long as no consent
//! covers it. Its NIR is in clear: the mutuelle knows her members by it.

use crate::texte::{self, NON_CONNU, euros, fait, jour_ou_non_connu, ou_non_connu};
use jiff::Timestamp;
use optopec_domain::{
    dossier::{CodeRisque, Dossier},
    envoi::{LigneEnvoi, PersonneEnvoi},
    magasin::Magasin,
    mutuelle::Mutuelle,
    verification::Contenu,
};
use serde_json::{Value, json};

/// What the template of a fax reads.
pub fn donnees(magasin: &Magasin, dossier: &Dossier, mutuelle: &Mutuelle, contenu: &Contenu, now: Timestamp) -> Value {
    let equipement = &contenu.equipement;
    let signature = dossier.consentement.signature.as_ref();
    let couvert = dossier.consentement.check(dossier.tiers_payant.rattachement.mutuelle_id.as_ref(), magasin.transmission).is_ok();
    // The head of a fax is part of the request: of the optician it names what the switches let through.
    let mut entete = texte::magasin(magasin);
    entete["opticien"] = texte::nom_prenom(contenu.opticien.nom.as_deref(), contenu.opticien.prenom.as_deref()).into();
    entete["telephone"] = json!(contenu.opticien.telephone);
    entete["email"] = json!(contenu.opticien.email);
    json!({
        "magasin": entete,
        "imprime_le": texte::jour_de(now),
        "mutuelle": mutuelle.fiche.nom,
        "reference": texte::reference(dossier, equipement.numero),
        "destinataire": [
            fait("À", mutuelle.fiche.nom.clone()),
            fait("Télécopie", ou_non_connu(mutuelle.fiche.coordonnees.fax.as_ref())),
            fait("Téléphone", ou_non_connu(mutuelle.fiche.coordonnees.telephone.as_ref())),
            fait("Référence", texte::reference(dossier, equipement.numero)),
        ],
        "signe": couvert,
        "signe_le": signature.filter(|_| couvert).map(|s| texte::jour(s.signe_le)),
        "beneficiaire": beneficiaire(contenu),
        "assure": assure(contenu),
        "prescription": prescription(contenu),
        "equipement": faits_equipement(contenu),
        "lignes": equipement.lignes.iter().map(ligne).collect::<Vec<_>>(),
        "total": euros(Some(equipement.lignes.iter().map(|l| l.valeur).sum())),
        "total_ro": euros(texte::somme(equipement.lignes.iter().map(|l| l.ro))),
    })
}

/// Whether a NIR stands on it.
pub fn holds_nir(contenu: &Contenu) -> bool {
    contenu.assure.nir.is_some() || contenu.beneficiaire.personne.nir.is_some()
}

fn personne(personne: &PersonneEnvoi) -> Vec<Value> {
    let mut faits = vec![
        fait("Nom et prénom", texte::nom_prenom(Some(&personne.nom), personne.prenom.as_deref())),
        fait("Né(e) le", jour_ou_non_connu(personne.naissance)),
    ];
    faits.extend(personne.nir.as_ref().map(|nir| fait("N° de sécurité sociale", texte::nir(nir))));
    faits
}

fn beneficiaire(contenu: &Contenu) -> Vec<Value> {
    let beneficiaire = &contenu.beneficiaire;
    let mut faits = personne(&beneficiaire.personne);
    faits.push(fait("Qualité", texte::qualite(beneficiaire.qualite)));
    faits.extend(beneficiaire.rang_gemellaire.map(|rang| fait("Rang gémellaire", rang.to_string())));
    faits
}

fn assure(contenu: &Contenu) -> Vec<Value> {
    let mut faits = personne(&contenu.assure);
    let numeros = [("N° adhérent", &contenu.adherent), ("N° de contrat", &contenu.contrat), ("N° de groupe", &contenu.groupe)];
    faits.extend(numeros.into_iter().filter_map(|(nom, value)| value.as_ref().map(|value| fait(nom, value.clone()))));
    faits
}

fn prescription(contenu: &Contenu) -> Vec<Value> {
    let prescription = &contenu.prescription;
    let mut faits = vec![fait("Date de l’ordonnance", jour_ou_non_connu(prescription.date))];
    if prescription.ri || prescription.ra {
        let renewal = [(prescription.ri, "RI (renouvellement à l’identique)"), (prescription.ra, "RA (renouvellement avec adaptation)")];
        faits.push(fait("Renouvellement", renewal.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect::<Vec<_>>().join(", ")));
    }
    faits.extend(prescription.prescripteur.as_ref().map(|(nom, prenom)| fait("Prescripteur", texte::nom_prenom(nom.as_deref(), prenom.as_deref()))));
    faits
}

fn faits_equipement(contenu: &Contenu) -> Vec<Value> {
    let equipement = &contenu.equipement;
    let risque: CodeRisque = equipement.risque;
    let mut faits = vec![
        fait("Type", texte::type_equipement(equipement.type_equipement)),
        fait("Code risque", texte::risque(risque)),
        fait("Taux de la sécurité sociale", equipement.taux_ro.map_or_else(|| NON_CONNU.to_owned(), |taux| format!("{taux}\u{a0}%"))),
        fait("Équipement", if equipement.enfant { "enfant" } else { "adulte" }),
    ];
    let prisms = [("Prisme OD", equipement.prisme_od), ("Prisme OG", equipement.prisme_og)];
    faits.extend(prisms.into_iter().filter_map(|(nom, prism)| prism.map(|prism| fait(nom, prism.unsigned().replace('.', ",")))));
    faits
}

fn ligne(ligne: &LigneEnvoi) -> Value {
    let details = [
        ligne.reference.as_ref().map(|reference| format!("réf. {reference}")),
        ligne.surface.map(|surface| format!("surface {}", texte::surface(surface))),
        (!ligne.traitements.is_empty()).then(|| format!("traitement : {}", ligne.traitements.join(", "))),
        ligne.par_boite.map(|n| format!("{n} par boîte")),
        ligne.remise.filter(|r| r.centiemes() > 0).map(|r| format!("remise {}", texte::pourcent(r))),
    ];
    json!({
        "designation": ligne.designation,
        "categorie": texte::categorie(ligne.categorie),
        "details": details.into_iter().flatten().collect::<Vec<_>>().join("\u{a0}; "),
        "code": ligne.code_lpp.clone().unwrap_or_else(|| NON_CONNU.to_owned()),
        "quantite": ligne.quantite.to_string(),
        "prix": euros(Some(ligne.prix_unitaire)),
        "valeur": euros(Some(ligne.valeur)),
        "ro": euros(ligne.ro),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemples;
    use optopec_domain::{
        consentement::{Canal, Signature},
        lpp::Referentiel,
        magasin::{ChampFacultatif, Transmission},
        montants, verification,
    };

    fn made(magasin: &Magasin, dossier: &Dossier) -> (Value, Contenu) {
        let amounts = montants::compute(dossier, &Referentiel::initial(), None);
        let contenu = verification::content(magasin, dossier, &dossier.equipements[0], &amounts.equipements[0]);
        (donnees(magasin, dossier, &exemples::mutuelle(), &contenu, exemples::now()), contenu)
    }

    #[test]
    fn what_is_hidden_or_switched_off_is_not_on_it() {
        let (mut magasin, mut dossier) = (exemples::magasin(), exemples::dossier());
        dossier.equipements[0].lignes[2].occulte = true;
        let (all, contenu) = made(&magasin, &dossier);
        let all = all.to_string();
        assert!(holds_nir(&contenu) && all.contains("2 78 05 2A 004 123 58") && all.contains("0199000001"), "{all}");
        assert!(!all.contains("DOLCE") && all.contains("500,00"), "{all}");
        assert!(!all.contains("BESNAINOU") && !all.contains("surface") && !all.contains("ANTIREFLET"), "off from the beginning: {all}");
        magasin.transmission = Transmission::NONE;
        let (none, contenu) = made(&magasin, &dossier);
        let none = none.to_string();
        for held_back in ["2 78 05", "0199000001", "test@example.org", "Rang", "Camille"] {
            assert!(!none.contains(held_back), "{held_back}: {none}");
        }
        assert!(!holds_nir(&contenu));
        magasin.transmission = Transmission::NONE.with(ChampFacultatif::PrescriptionPrescripteur, true).with(ChampFacultatif::VerreTraitement, true);
        let (some, _) = made(&magasin, &dossier);
        assert!(some.to_string().contains("BESNAINOU") && some.to_string().contains("traitement : ANTIREFLET"), "{some}");
    }

    #[test]
    fn it_is_signed_only_while_a_consent_covers_it() {
        let (magasin, mut dossier) = (exemples::magasin(), exemples::dossier());
        assert_eq!(made(&magasin, &dossier).0["signe"], false);
        let signature = Signature {
            signe_le: "2013-11-25".parse().unwrap(),
            canal: Canal::Papier,
            mutuelle_id: dossier.tiers_payant.rattachement.mutuelle_id.clone(),
            transmission: magasin.transmission,
            papier: None,
        };
        dossier.consentement.signature = Some(signature.clone());
        let (signed, _) = made(&magasin, &dossier);
        assert_eq!((&signed["signe"], &signed["signe_le"]), (&json!(true), &json!("25/11/2013")));
        dossier.consentement.signature = Some(Signature { transmission: Transmission::NONE, ..signature });
        let (exceeded, _) = made(&magasin, &dossier);
        assert_eq!((&exceeded["signe"], &exceeded["signe_le"]), (&json!(false), &Value::Null));
    }
}
