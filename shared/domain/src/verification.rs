//! The pre-flight check: everything that is wrong, told at once, and what would be sent.
//!
//! What must hold: the codes of the HTTP contract keep their meaning; every sentence says what to do and repeats no personal data; an
//! [`Envoi`] holds nothing whose switch is off and no hidden line; a check without errors has an `Envoi`.
//! Pointers go into the dossier (arrays by index) or into the shop (`/magasin/…`).

use crate::{
    client::{Assure, Qualite},
    credit::Compte,
    demande::Nature,
    dossier::{Categorie, Dossier, Equipement, Ligne, TypeEquipement},
    envoi::{BeneficiaireEnvoi, Envoi, EquipementEnvoi, LigneEnvoi, OpticienEnvoi, PersonneEnvoi, PrescriptionEnvoi},
    erreur::ErreurChamp,
    ids::DemandeId,
    lpp::Referentiel,
    lpp_initial,
    magasin::{ChampFacultatif, Magasin, Mode, Opticien, Transmission},
    montants::{self, MontantsEquipement},
    mutuelle::{ChampRequis, Mutuelle, Pec},
};

/// What the check looks at.
pub struct Contexte<'a> {
    /// The shop.
    pub magasin: &'a Magasin,
    /// Its account.
    pub compte: &'a Compte,
    /// It adopted a convention list at least once.
    pub conventions: bool,
    /// The dossier.
    pub dossier: &'a Dossier,
    /// The mutuelle of its third-party payment, if it exists in the shop's list.
    pub mutuelle: Option<&'a Mutuelle>,
    /// Tariffs and rates.
    pub referentiel: &'a Referentiel,
    /// The live PEC of the equipment, if any (its guard).
    pub en_cours: Option<&'a DemandeId>,
}

/// The outcome of the check. No error means `envoi` is there.
pub struct Verification {
    /// What forbids sending.
    pub erreurs: Vec<ErreurChamp>,
    /// What deserves a look.
    pub avertissements: Vec<ErreurChamp>,
    /// Credits.
    pub prix: u32,
    /// What would be sent, as far as it can be built (needs at least a routed mutuelle and a FINESS).
    pub envoi: Option<Envoi>,
}

/// Checks a demande about one equipment of the dossier; `cotation` is the one a PEC would be made of.
pub fn verify(contexte: &Contexte<'_>, equipement: u16, nature: Nature, cotation: Option<&DemandeId>) -> Verification {
    let dossier = contexte.dossier;
    let prix = contexte.magasin.abonnement.prix.of(nature);
    let mut erreurs = Vec::new();
    let mut avertissements = Vec::new();
    check_shop(contexte, prix, &mut erreurs, &mut avertissements);
    check_persons(dossier, &mut erreurs, &mut avertissements);
    check_consent(contexte, &mut erreurs);
    check_third_party(contexte, &mut erreurs, &mut avertissements);
    if dossier.prescription.as_ref().is_none_or(|p| p.date.is_none()) {
        avertissements.push(ErreurChamp::new(
            "/prescription/date",
            "PRESCRIPTION_DATE",
            "La date de l'ordonnance n'est pas saisie : ajoutez-la, beaucoup de mutuelles la demandent.",
        ));
    }
    let choisi = dossier.equipements.iter().enumerate().find(|(_, e)| e.numero == equipement).map(|(index, equipement)| Choix { index, equipement });
    let mut envoi = None;
    match &choisi {
        None => erreurs.push(ErreurChamp::new("/equipement", "EQUIPEMENT_INCONNU", "Cet équipement n'existe pas dans le dossier : choisissez-en un autre.")),
        Some(choisi) => {
            let montants = &montants::compute(dossier, contexte.referentiel, contexte.mutuelle).equipements[choisi.index];
            check_equipment(contexte, choisi, nature, montants, &mut erreurs, &mut avertissements);
            envoi = build(contexte, choisi.equipement, montants, nature, cotation);
        }
    }
    check_switches(contexte, choisi.as_ref(), &mut erreurs);
    Verification { erreurs, avertissements, prix, envoi }
}

/// The equipment asked about, and where it stands in the dossier.
struct Choix<'a> {
    index: usize,
    equipement: &'a Equipement,
}

impl<'a> Choix<'a> {
    /// The lines a mutuelle sees, each with the pointer to it.
    fn visibles(&self) -> impl Iterator<Item = (String, &'a Ligne)> {
        let index = self.index;
        self.equipement.lignes.iter().enumerate().filter(|(_, l)| !l.occulte).map(move |(j, ligne)| (format!("/equipements/{index}/lignes/{j}"), ligne))
    }
}

fn blank(text: Option<&str>) -> bool {
    text.is_none_or(|t| t.trim().is_empty())
}

/// Option, credits, conventions, identity.
fn check_shop(contexte: &Contexte<'_>, prix: u32, erreurs: &mut Vec<ErreurChamp>, avertissements: &mut Vec<ErreurChamp>) {
    let magasin = contexte.magasin;
    if !magasin.abonnement.option_pec {
        erreurs.push(ErreurChamp::new(
            "/magasin/option_pec",
            "OPTION_PEC",
            "L'option « Installation PEC » n'est pas active : demandez son activation au service commercial.",
        ));
    }
    if u64::from(prix) > contexte.compte.disponibles {
        let message = format!("Il reste {} crédit(s) et cette demande en coûte {prix} : rechargez les crédits PEC.", contexte.compte.disponibles);
        erreurs.push(ErreurChamp::new("/magasin/credit", "CREDIT", message));
    }
    if !contexte.conventions {
        erreurs.push(ErreurChamp::new(
            "/magasin/conventions",
            "CONVENTIONS",
            "Les conventions n'ont pas été importées : ouvrez « Mutuelles » et cliquez sur « Télécharger ».",
        ));
    }
    match &magasin.identite.finess {
        None => erreurs.push(ErreurChamp::new(
            "/magasin/finess",
            "IDENTITE_MAGASIN",
            "Le numéro FINESS du magasin manque : saisissez-le dans les réglages du magasin.",
        )),
        Some(finess) if !finess.key_is_right() => {
            avertissements.push(ErreurChamp::new(
                "/magasin/finess",
                "FINESS_CLE",
                "La clé du numéro FINESS ne correspond pas : relisez-le dans les réglages du magasin.",
            ));
        }
        Some(_) => {}
    }
    if blank(magasin.identite.nom.as_deref()) {
        erreurs.push(ErreurChamp::new("/magasin/nom", "IDENTITE_MAGASIN", "Le nom du magasin manque : saisissez-le dans les réglages du magasin."));
    }
}

/// What the norm always wants to know of the beneficiary and of the insured person.
fn check_persons(dossier: &Dossier, erreurs: &mut Vec<ErreurChamp>, avertissements: &mut Vec<ErreurChamp>) {
    let mut require = |missing: bool, champ: &str, message: &str| {
        if missing {
            erreurs.push(ErreurChamp::new(champ, "CHAMP_REQUIS", message));
        }
    };
    let beneficiaire = &dossier.beneficiaire;
    require(blank(Some(&beneficiaire.nom)), "/beneficiaire/nom", "Le nom du bénéficiaire manque : saisissez-le.");
    require(blank(beneficiaire.prenom.as_deref()), "/beneficiaire/prenom", "Le prénom du bénéficiaire manque : saisissez-le.");
    require(beneficiaire.date_naissance.is_none(), "/beneficiaire/date_naissance", "La date de naissance du bénéficiaire manque : saisissez-la.");
    if beneficiaire.qualite != Qualite::Assure {
        let assure = dossier.assure.clone().unwrap_or_default();
        require(blank(assure.nom.as_deref()), "/assure/nom", "Le bénéficiaire n'est pas l'assuré : saisissez le nom de l'assuré.");
        require(blank(assure.prenom.as_deref()), "/assure/prenom", "Le bénéficiaire n'est pas l'assuré : saisissez le prénom de l'assuré.");
        require(assure.date_naissance.is_none(), "/assure/date_naissance", "Le bénéficiaire n'est pas l'assuré : saisissez la date de naissance de l'assuré.");
    }
    let assure = dossier.assure.as_ref();
    for (champ, nir, birth, message) in [
        (
            "/beneficiaire/nir",
            &beneficiaire.nir,
            beneficiaire.date_naissance,
            "Le numéro de sécurité sociale ne correspond pas à la date de naissance du bénéficiaire : vérifiez que ce n'est pas celui de l'assuré.",
        ),
        (
            "/assure/nir",
            &assure.and_then(|a| a.nir.clone()),
            assure.and_then(|a| a.date_naissance),
            "Le numéro de sécurité sociale ne correspond pas à la date de naissance de l'assuré : vérifiez les deux.",
        ),
    ] {
        if let (Some(nir), Some(birth)) = (nir, birth)
            && !nir.fits_birth(birth)
        {
            avertissements.push(ErreurChamp::new(champ, "NIR_NAISSANCE", message));
        }
    }
}

fn check_consent(contexte: &Contexte<'_>, erreurs: &mut Vec<ErreurChamp>) {
    let dossier = contexte.dossier;
    if let Err(raison) = dossier.consentement.check(dossier.tiers_payant.rattachement.mutuelle_id.as_ref(), contexte.magasin.transmission) {
        erreurs.push(ErreurChamp::new("/consentement", "CONSENTEMENT", raison));
    }
}

/// The mutuelle itself, and the numbers of the card.
fn check_third_party(contexte: &Contexte<'_>, erreurs: &mut Vec<ErreurChamp>, avertissements: &mut Vec<ErreurChamp>) {
    const CHAMP: &str = "/tiers_payant/mutuelle_id";
    let card = &contexte.dossier.tiers_payant.rattachement;
    if card.fin_validite.is_some_and(|last| last < contexte.dossier.date) {
        avertissements.push(ErreurChamp::new(
            "/tiers_payant/fin_validite",
            "CARTE_PERIMEE",
            "La carte de mutuelle n'était plus valable à la date du dossier : demandez la nouvelle carte au client.",
        ));
    }
    let mutuelle = match (&card.mutuelle_id, contexte.mutuelle) {
        (Some(_), Some(mutuelle)) => mutuelle,
        (None, _) => {
            return erreurs.push(ErreurChamp::new(
                CHAMP,
                "MUTUELLE_ABSENTE",
                "Aucune mutuelle n'est choisie : choisissez celle du client dans le détail du tiers payant.",
            ));
        }
        (Some(_), None) => {
            return erreurs.push(ErreurChamp::new(CHAMP, "MUTUELLE_ABSENTE", "La mutuelle choisie n'est plus dans votre liste : choisissez-en une autre."));
        }
    };
    let mut refuse = |code: &'static str, message: &str| erreurs.push(ErreurChamp::new(CHAMP, code, message));
    if mutuelle.retiree {
        refuse("MUTUELLE_RETIREE", "Cette mutuelle a quitté les conventions : choisissez celle qui la remplace ou faites la demande par fax.");
    }
    if mutuelle.fiche.pec == Pec::Non || mutuelle.fiche.routage.is_none() {
        refuse("MUTUELLE_SANS_PEC", "Cette mutuelle n'accepte pas les demandes électroniques : imprimez la demande par fax ou téléphonez-lui.");
    }
    if mutuelle.fiche.sans_tiers_payant {
        refuse("MUTUELLE_SANS_TIERS_PAYANT", "Cette mutuelle ne gère pas le tiers payant : faites payer le client et remettez-lui une facture.");
    }
    if mutuelle.fiche.tp_externalise {
        avertissements.push(ErreurChamp::new(
            CHAMP,
            "TP_EXTERNALISE",
            "Cette mutuelle confie son tiers payant à un autre organisme : vérifiez sur la carte que c'est bien le bon.",
        ));
    }
    for requis in &mutuelle.fiche.champs_requis {
        let (value, name) = match requis {
            ChampRequis::NumeroAdherent => (&card.numero_adherent, "le numéro d'adhérent"),
            ChampRequis::NumeroContrat => (&card.numero_contrat, "le numéro de contrat"),
            ChampRequis::NumeroGroupe => (&card.numero_groupe, "le numéro de groupe"),
            ChampRequis::Regime => (&card.regime, "le régime"),
        };
        if blank(value.as_deref()) {
            erreurs.push(ErreurChamp::new(
                format!("/tiers_payant/{requis}"),
                "CHAMP_REQUIS",
                format!("Cette mutuelle demande {name} : recopiez-le de la carte du client."),
            ));
        }
    }
}

/// The equipment, its lines, and what their codes say.
fn check_equipment(
    contexte: &Contexte<'_>,
    choisi: &Choix<'_>,
    nature: Nature,
    montants: &MontantsEquipement,
    erreurs: &mut Vec<ErreurChamp>,
    avertissements: &mut Vec<ErreurChamp>,
) {
    let (index, equipement) = (choisi.index, choisi.equipement);
    if nature == Nature::Pec && contexte.en_cours.is_some() {
        erreurs.push(ErreurChamp::new(
            format!("/equipements/{index}"),
            "PEC_EN_COURS",
            "Une prise en charge est déjà en cours pour cet équipement : annulez-la avant d'en demander une autre.",
        ));
    }
    if equipement.type_equipement == TypeEquipement::Len && contexte.mutuelle.is_some_and(|m| m.fiche.pec == Pec::Opt) {
        erreurs.push(ErreurChamp::new(
            "/tiers_payant/mutuelle_id",
            "MUTUELLE_SANS_LENTILLES",
            "Cette mutuelle n'accepte les demandes électroniques que pour les lunettes : imprimez la demande par fax pour ces lentilles.",
        ));
    }
    if equipement.visibles().next().is_none() {
        erreurs.push(ErreurChamp::new(
            format!("/equipements/{index}/lignes"),
            "EQUIPEMENT_VIDE",
            "Aucune ligne de cet équipement n'est visible pour la mutuelle : ajoutez une ligne ou décochez « Occulté ».",
        ));
    }
    if contexte.dossier.tiers_payant.part_ro && montants.taux_ro.is_none() {
        avertissements.push(ErreurChamp::new(
            format!("/equipements/{index}/taux_ro_manuel"),
            "TAUX_INCONNU",
            "Le taux de remboursement de la sécurité sociale n'est pas connu à cette date : saisissez-le.",
        ));
    }
    for (pointer, ligne) in choisi.visibles() {
        let champ = format!("{pointer}/code_lpp");
        let Some(code) = ligne.code_lpp.as_ref().or(ligne.code_regroupement.as_ref()) else {
            erreurs.push(ErreurChamp::new(champ, "CODE_LPP", "Cette ligne n'a ni code LPP ni code de regroupement : saisissez-en un ou cochez « Occulté »."));
            continue;
        };
        let public = lpp_initial::public(code);
        if public == Some(true) && !montants.enfant {
            avertissements.push(ErreurChamp::new(
                &champ,
                "ENFANT",
                "Ce code LPP est celui d'un enfant et le bénéficiaire est un adulte : vérifiez le code ou la date de naissance.",
            ));
        }
        if public == Some(false) && montants.enfant {
            avertissements.push(ErreurChamp::new(
                &champ,
                "ENFANT",
                "Ce code LPP est celui d'un adulte et le bénéficiaire est un enfant : vérifiez le code ou la date de naissance.",
            ));
        }
        let needed = contexte.dossier.tiers_payant.part_ro && ligne.ro_manuel.is_none();
        if needed && contexte.referentiel.tariff(ligne, contexte.dossier.date).is_none() {
            avertissements.push(ErreurChamp::new(
                champ,
                "TARIF_INCONNU",
                "Le tarif de ce code n'est pas connu à cette date : vérifiez le code ou saisissez le remboursement de la sécurité sociale à la main.",
            ));
        }
    }
}

/// The optional fields that the mutuelle demands: switched on, and filled in.
fn check_switches(contexte: &Contexte<'_>, choisi: Option<&Choix<'_>>, erreurs: &mut Vec<ErreurChamp>) {
    let Some(mutuelle) = contexte.mutuelle else { return };
    for exige in &mutuelle.fiche.facultatifs_exiges {
        if !contexte.magasin.transmission.sends(*exige) {
            let message = format!(
                "Cette mutuelle exige « {} » : activez sa transmission dans les réglages du magasin, puis faites signer un nouveau consentement.",
                exige.libelle()
            );
            erreurs.push(ErreurChamp::new(format!("/magasin/transmission/{exige}"), "FACULTATIF_EXIGE", message));
            continue;
        }
        for champ in missing_data(contexte, choisi, *exige) {
            if erreurs.iter().any(|e| e.champ == champ) {
                continue;
            }
            let message = match exige {
                ChampFacultatif::VerreTraitement => {
                    "Cette mutuelle exige le traitement de chaque verre : saisissez-le, ou « AUCUN » si le verre n'en a pas.".to_owned()
                }
                autre => format!("Cette mutuelle exige « {} » : saisissez cette donnée.", autre.libelle()),
            };
            erreurs.push(ErreurChamp::new(champ, "CHAMP_REQUIS", message));
        }
    }
}

/// Where an optional field that is sent has nothing to send.
fn missing_data(contexte: &Contexte<'_>, choisi: Option<&Choix<'_>>, champ: ChampFacultatif) -> Vec<String> {
    let dossier = contexte.dossier;
    let opticien = &contexte.magasin.identite.opticien;
    let prescripteur = dossier.prescription.as_ref().and_then(|p| p.prescripteur.as_ref());
    let one = |missing: bool, champ: &str| if missing { vec![champ.to_owned()] } else { vec![] };
    let lines = |categorie: Categorie, field: &str, missing: fn(&Ligne) -> bool| {
        choisi
            .into_iter()
            .flat_map(Choix::visibles)
            .filter(|(_, l)| l.categorie == categorie && missing(l))
            .map(|(pointer, _)| format!("{pointer}/{field}"))
            .collect()
    };
    match champ {
        ChampFacultatif::BeneficiaireNir => one(dossier.beneficiaire.nir.is_none(), "/beneficiaire/nir"),
        ChampFacultatif::AssureNir => {
            one(insured(dossier).nir.is_none(), if dossier.beneficiaire.qualite == Qualite::Assure { "/beneficiaire/nir" } else { "/assure/nir" })
        }
        ChampFacultatif::OpticienNomPrenom => {
            [one(blank(opticien.nom.as_deref()), "/magasin/opticien/nom"), one(blank(opticien.prenom.as_deref()), "/magasin/opticien/prenom")].concat()
        }
        ChampFacultatif::OpticienTelephone => one(blank(opticien.telephone.as_deref()), "/magasin/opticien/telephone"),
        ChampFacultatif::OpticienEmail => one(blank(opticien.email.as_deref()), "/magasin/opticien/email"),
        ChampFacultatif::PrescriptionPrescripteur => [
            one(blank(prescripteur.and_then(|p| p.nom.as_deref())), "/prescription/prescripteur/nom"),
            one(blank(prescripteur.and_then(|p| p.prenom.as_deref())), "/prescription/prescripteur/prenom"),
        ]
        .concat(),
        ChampFacultatif::VerreSurface => lines(Categorie::Ver, "surface", |l| l.surface.is_none()),
        ChampFacultatif::VerreTraitement => lines(Categorie::Ver, "traitements", |l| l.traitements.is_empty()),
        ChampFacultatif::LentilleParBoite => lines(Categorie::Len, "par_boite", |l| l.par_boite.is_none()),
        // These always have a value: a rank, a yes or no, a percentage.
        ChampFacultatif::BeneficiaireRangGemellaire
        | ChampFacultatif::PrescriptionRiRa
        | ChampFacultatif::VerreRemise
        | ChampFacultatif::LentilleRemise
        | ChampFacultatif::MontureRemise => vec![],
    }
}

/// The insured person: the one that was typed; where she is the beneficiary, the beneficiary's data fill the gaps.
fn insured(dossier: &Dossier) -> Assure {
    let typed = dossier.assure.clone().unwrap_or_default();
    let beneficiaire = &dossier.beneficiaire;
    match beneficiaire.qualite {
        Qualite::Conjoint | Qualite::Enfant => typed,
        Qualite::Assure => Assure {
            nom: typed.nom.or_else(|| Some(beneficiaire.nom.clone())),
            prenom: typed.prenom.or_else(|| beneficiaire.prenom.clone()),
            date_naissance: typed.date_naissance.or(beneficiaire.date_naissance),
            nir: typed.nir.or_else(|| beneficiaire.nir.clone()),
        },
    }
}

/// What would be sent; nothing without a routed mutuelle and a FINESS.
fn build(contexte: &Contexte<'_>, equipement: &Equipement, montants: &MontantsEquipement, nature: Nature, cotation: Option<&DemandeId>) -> Option<Envoi> {
    let magasin = contexte.magasin;
    let routage = contexte.mutuelle?.fiche.routage.clone()?;
    let finess = magasin.identite.finess.clone()?;
    let Contenu { opticien, assure, beneficiaire, adherent, contrat, groupe, prescription, equipement } =
        content(magasin, contexte.dossier, equipement, montants);
    let Opticien { nom, prenom, telephone, email } = opticien;
    Some(Envoi {
        nature,
        essai: magasin.abonnement.mode == Mode::Demonstration,
        cotation: cotation.filter(|_| nature == Nature::Pec).cloned(),
        routage,
        opticien: OpticienEnvoi { finess, nom, prenom, telephone, email },
        assure,
        beneficiaire,
        adherent,
        contrat,
        groupe,
        prescription,
        equipement,
    })
}

/// What a mutuelle is told about an equipment, whichever way: electronically, or on a paper that is faxed to it.
pub struct Contenu {
    /// The optician, as far as her switches allow.
    pub opticien: Opticien,
    /// The insured person.
    pub assure: PersonneEnvoi,
    /// The beneficiary.
    pub beneficiaire: BeneficiaireEnvoi,
    /// N° adhérent.
    pub adherent: Option<String>,
    /// N° de contrat.
    pub contrat: Option<String>,
    /// N° de groupe.
    pub groupe: Option<String>,
    /// The prescription.
    pub prescription: PrescriptionEnvoi,
    /// The equipment, its visible lines only.
    pub equipement: EquipementEnvoi,
}

/// What of a dossier goes to its mutuelle: the one place where the switches and the hidden lines are applied.
pub fn content(magasin: &Magasin, dossier: &Dossier, equipement: &Equipement, montants: &MontantsEquipement) -> Contenu {
    use ChampFacultatif as C;
    let transmission = magasin.transmission;
    let card = &dossier.tiers_payant.rattachement;
    let opticien = &magasin.identite.opticien;
    let text = |champ: C, value: &Option<String>| value.clone().filter(|_| transmission.sends(champ));
    let assure = insured(dossier);
    let beneficiaire = &dossier.beneficiaire;
    let prescription = dossier.prescription.as_ref();
    let renewal = |asked: bool| asked && transmission.sends(C::PrescriptionRiRa);
    Contenu {
        opticien: Opticien {
            nom: text(C::OpticienNomPrenom, &opticien.nom),
            prenom: text(C::OpticienNomPrenom, &opticien.prenom),
            telephone: text(C::OpticienTelephone, &opticien.telephone),
            email: text(C::OpticienEmail, &opticien.email),
        },
        assure: PersonneEnvoi {
            nir: assure.nir.filter(|_| transmission.sends(C::AssureNir)),
            nom: assure.nom.unwrap_or_default(),
            prenom: assure.prenom,
            naissance: assure.date_naissance,
        },
        beneficiaire: BeneficiaireEnvoi {
            personne: PersonneEnvoi {
                nir: beneficiaire.nir.clone().filter(|_| transmission.sends(C::BeneficiaireNir)),
                nom: beneficiaire.nom.clone(),
                prenom: beneficiaire.prenom.clone(),
                naissance: beneficiaire.date_naissance,
            },
            rang_gemellaire: transmission.sends(C::BeneficiaireRangGemellaire).then_some(beneficiaire.rang_gemellaire),
            qualite: beneficiaire.qualite,
        },
        adherent: card.numero_adherent.clone(),
        contrat: card.numero_contrat.clone(),
        groupe: card.numero_groupe.clone(),
        prescription: PrescriptionEnvoi {
            date: prescription.and_then(|p| p.date),
            ri: renewal(prescription.is_some_and(|p| p.ri_delivre)),
            ra: renewal(prescription.is_some_and(|p| p.ra_deuxieme_paire)),
            prescripteur: prescription
                .and_then(|p| p.prescripteur.as_ref())
                .filter(|p| transmission.sends(C::PrescriptionPrescripteur) && (p.nom.is_some() || p.prenom.is_some()))
                .map(|p| (p.nom.clone(), p.prenom.clone())),
        },
        equipement: EquipementEnvoi {
            numero: equipement.numero,
            type_equipement: equipement.type_equipement,
            risque: equipement.code_risque,
            taux_ro: montants.taux_ro,
            enfant: montants.enfant,
            prisme_od: equipement.prisme_od,
            prisme_og: equipement.prisme_og,
            lignes: equipement.visibles().map(|ligne| line(ligne, transmission, montants)).collect(),
        },
    }
}

fn line(ligne: &Ligne, transmission: Transmission, montants: &MontantsEquipement) -> LigneEnvoi {
    use ChampFacultatif as C;
    let remise_sent = match ligne.categorie {
        Categorie::Ver | Categorie::Sup => transmission.sends(C::VerreRemise),
        Categorie::Len => transmission.sends(C::LentilleRemise),
        Categorie::Mon => transmission.sends(C::MontureRemise),
        Categorie::Pre | Categorie::Acc | Categorie::Offre => true,
    };
    LigneEnvoi {
        numero: ligne.numero,
        reference: ligne.reference.clone(),
        designation: ligne.designation.clone(),
        categorie: ligne.categorie,
        code_lpp: ligne.code_lpp.clone().or_else(|| ligne.code_regroupement.clone()),
        quantite: ligne.quantite,
        prix_unitaire: ligne.prix_unitaire,
        remise: remise_sent.then_some(ligne.remise),
        valeur: montants::line_value(ligne),
        ro: montants.lignes.iter().find(|m| m.numero == ligne.numero).and_then(|m| m.ro),
        surface: ligne.surface.filter(|_| transmission.sends(C::VerreSurface)),
        traitements: if transmission.sends(C::VerreTraitement) { ligne.traitements.clone() } else { vec![] },
        par_boite: ligne.par_boite.filter(|_| transmission.sends(C::LentilleParBoite)),
    }
}

/// A prerequisite of the shop (`GET /v1/magasin/conditions`).
pub struct Condition {
    /// `OPTION_PEC`, `CREDIT`, `CONVENTIONS` or `IDENTITE`.
    pub code: &'static str,
    /// Whether it is met.
    pub remplie: bool,
    /// What it is, in words.
    pub message: &'static str,
    /// What to do when it is not.
    pub action: &'static str,
}

/// The four prerequisites.
pub fn conditions(magasin: &Magasin, compte: &Compte, conventions: bool) -> [Condition; 4] {
    let identite = &magasin.identite;
    let of = |code, remplie, message: [&'static str; 2], action| Condition {
        code,
        remplie,
        message: if remplie { message[0] } else { message[1] },
        action: if remplie { "Rien à faire." } else { action },
    };
    [
        of(
            "OPTION_PEC",
            magasin.abonnement.option_pec,
            ["L'option « Installation PEC » est active.", "L'option « Installation PEC » n'est pas active."],
            "Demandez l'activation de l'option au service commercial.",
        ),
        of(
            "CREDIT",
            compte.disponibles >= u64::from(magasin.abonnement.prix.pec),
            ["Il reste assez de crédits pour une prise en charge.", "Il ne reste pas assez de crédits pour une prise en charge."],
            "Rechargez les crédits PEC auprès du service commercial.",
        ),
        of(
            "CONVENTIONS",
            conventions,
            ["Les conventions des mutuelles sont importées.", "Les conventions des mutuelles n'ont pas encore été importées."],
            "Ouvrez « Mutuelles » et cliquez sur « Télécharger ».",
        ),
        of(
            "IDENTITE",
            identite.finess.is_some() && !blank(identite.nom.as_deref()),
            ["Le magasin est identifié par son nom et son numéro FINESS.", "Le nom ou le numéro FINESS du magasin manque."],
            "Complétez le nom et le numéro FINESS dans les réglages du magasin.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        centimes::Centimes,
        client::Beneficiaire,
        consentement::{Canal, Signature},
        credit::Prix,
        dioptre::Pourcentage,
        dossier::{Prescripteur, Prescription, Surface},
        exemples::{c, day, dossier, equipment, line, manual, mutuelle},
        ids::MagasinId,
        magasin::{Abonnement, Identite, Opticien},
        mutuelle::Calcul,
        nir::Nir,
    };

    /// A world in which nothing is wrong; each test spoils one thing.
    struct Monde {
        magasin: Magasin,
        compte: Compte,
        conventions: bool,
        dossier: Dossier,
        mutuelle: Option<Mutuelle>,
        en_cours: Option<DemandeId>,
        nature: Nature,
        equipement: u16,
    }

    fn all_on() -> Transmission {
        ChampFacultatif::ALL.iter().fold(Transmission::NONE, |t, champ| t.with(*champ, true))
    }

    fn ready() -> Monde {
        let mutuelle = mutuelle(Calcul::Variable);
        let text = |t: &str| Some(t.to_owned());
        let lens = Ligne {
            numero: 4,
            categorie: Categorie::Len,
            par_boite: Some(6),
            remise: Pourcentage::parse("10", 100).unwrap(),
            ro_manuel: Some(c(0)),
            ..line(4, 3_000, Some("2200001"))
        };
        let mut lines = manual();
        for lens in &mut lines[..2] {
            (lens.surface, lens.traitements) = (Some(Surface::Standard), vec!["ANTIREFLET".into()]);
        }
        lines[2].categorie = Categorie::Mon;
        lines.push(lens);
        let mut dossier = dossier(vec![equipment(7, vec![line(1, 5_000, Some("2203240"))]), equipment(2, lines)]);
        dossier.beneficiaire.nir = Some(nir("278052A00412358"));
        dossier.prescription = Some(Prescription {
            date: Some(day("2013-10-01")),
            ri_delivre: true,
            ra_deuxieme_paire: true,
            prescripteur: Some(Prescripteur { nom: text("DUPONT"), prenom: text("Jean"), rpps: text("10000000001") }),
            od: None,
            og: None,
        });
        let card = &mut dossier.tiers_payant.rattachement;
        (card.mutuelle_id, card.numero_adherent, card.numero_contrat) = (Some(mutuelle.id.clone()), text("DEMO-ACCORD"), text("C-1"));
        dossier.consentement.signature =
            Some(Signature { signe_le: day("2013-11-26"), canal: Canal::Papier, mutuelle_id: Some(mutuelle.id.clone()), transmission: all_on(), papier: None });
        let identite = Identite {
            nom: text("Optique Démo"),
            finess: "750000002".parse().ok(),
            opticien: Opticien { nom: text("MARTIN"), prenom: text("Claire"), telephone: text("0102030405"), email: text("claire@exemple.fr") },
            ..Identite::default()
        };
        Monde {
            magasin: Magasin {
                identite,
                abonnement: Abonnement { option_pec: true, ..Abonnement::default() },
                transmission: all_on(),
                ..Magasin::empty("mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse::<MagasinId>().unwrap())
            },
            compte: Compte { disponibles: 1, ..Compte::default() },
            conventions: true,
            dossier,
            mutuelle: Some(mutuelle),
            en_cours: None,
            nature: Nature::Pec,
            equipement: 2,
        }
    }

    fn nir(text: &str) -> Nir {
        text.parse().unwrap()
    }

    fn demande_id() -> DemandeId {
        "dem_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
    }

    impl Monde {
        fn verify(&self) -> Verification {
            let contexte = Contexte {
                magasin: &self.magasin,
                compte: &self.compte,
                conventions: self.conventions,
                dossier: &self.dossier,
                mutuelle: self.mutuelle.as_ref(),
                referentiel: &Referentiel::initial(),
                en_cours: self.en_cours.as_ref(),
            };
            verify(&contexte, self.equipement, self.nature, Some(&demande_id()))
        }

        fn fiche(&mut self) -> &mut crate::mutuelle::Fiche {
            &mut self.mutuelle.as_mut().unwrap().fiche
        }

        fn envoi(&self) -> Envoi {
            self.verify().envoi.unwrap()
        }
    }

    fn told(found: &[ErreurChamp]) -> Vec<(&'static str, &str)> {
        found.iter().map(|e| (e.code, e.champ.as_str())).collect()
    }

    /// Spoils one thing and expects exactly these errors, and no warning.
    fn errors(spoil: impl Fn(&mut Monde), expected: &[(&str, &str)]) {
        let mut monde = ready();
        spoil(&mut monde);
        let v = monde.verify();
        assert_eq!((told(&v.erreurs), told(&v.avertissements)), (expected.to_vec(), vec![]));
        for e in &v.erreurs {
            assert!(e.message.ends_with('.') && e.message.len() > 20, "{}", e.message);
        }
    }

    /// Spoils one thing and expects exactly these warnings, and no error.
    fn warnings(spoil: impl Fn(&mut Monde), expected: &[(&str, &str)]) {
        let mut monde = ready();
        spoil(&mut monde);
        let v = monde.verify();
        assert_eq!((told(&v.erreurs), told(&v.avertissements)), (vec![], expected.to_vec()));
        assert!(v.envoi.is_some());
    }

    #[test]
    fn a_complete_dossier_may_be_sent() {
        errors(|_| {}, &[]);
        assert_eq!(ready().verify().prix, 1);
    }

    #[test]
    fn the_shop_must_be_ready() {
        errors(|m| m.magasin.abonnement.option_pec = false, &[("OPTION_PEC", "/magasin/option_pec")]);
        errors(|m| m.compte.disponibles = 0, &[("CREDIT", "/magasin/credit")]);
        errors(|m| m.conventions = false, &[("CONVENTIONS", "/magasin/conventions")]);
        errors(|m| m.magasin.identite.finess = None, &[("IDENTITE_MAGASIN", "/magasin/finess")]);
        errors(|m| m.magasin.identite.nom = None, &[("IDENTITE_MAGASIN", "/magasin/nom")]);
        warnings(|m| m.magasin.identite.finess = "750000003".parse().ok(), &[("FINESS_CLE", "/magasin/finess")]);
    }

    #[test]
    fn a_free_demande_needs_no_credit() {
        errors(|m| (m.compte.disponibles, m.nature) = (0, Nature::Cotation), &[]);
        errors(|m| (m.compte.disponibles, m.magasin.abonnement.prix) = (0, Prix { pec: 0, cotation: 2 }), &[]);
        errors(
            |m| (m.compte.disponibles, m.magasin.abonnement.prix, m.nature) = (1, Prix { pec: 0, cotation: 2 }, Nature::Cotation),
            &[("CREDIT", "/magasin/credit")],
        );
    }

    #[test]
    fn the_consent_names_the_mutuelle_and_the_data() {
        errors(|m| m.dossier.consentement.signature = None, &[("CONSENTEMENT", "/consentement")]);
        let signature = |m: &mut Monde, change: fn(&mut Signature)| change(m.dossier.consentement.signature.as_mut().unwrap());
        errors(|m| signature(m, |s| s.mutuelle_id = None), &[("CONSENTEMENT", "/consentement")]);
        errors(|m| signature(m, |s| s.transmission = all_on().with(ChampFacultatif::AssureNir, false)), &[("CONSENTEMENT", "/consentement")]);
        errors(|m| m.magasin.transmission = Transmission::NONE, &[]);
    }

    #[test]
    fn the_mutuelle_must_take_the_demande() {
        const ICI: &str = "/tiers_payant/mutuelle_id";
        errors(|m| m.mutuelle = None, &[("MUTUELLE_ABSENTE", ICI)]);
        errors(
            |m| (m.mutuelle, m.dossier.tiers_payant.rattachement.mutuelle_id) = (None, None),
            &[("CONSENTEMENT", "/consentement"), ("MUTUELLE_ABSENTE", ICI)],
        );
        errors(|m| (m.fiche().pec, m.fiche().routage) = (Pec::Non, None), &[("MUTUELLE_SANS_PEC", ICI)]);
        errors(|m| m.mutuelle.as_mut().unwrap().retiree = true, &[("MUTUELLE_RETIREE", ICI)]);
        errors(|m| m.fiche().sans_tiers_payant = true, &[("MUTUELLE_SANS_TIERS_PAYANT", ICI)]);
        errors(|m| m.fiche().pec = Pec::Opt, &[]);
        errors(|m| (m.fiche().pec, m.dossier.equipements[1].type_equipement) = (Pec::Opt, TypeEquipement::Len), &[("MUTUELLE_SANS_LENTILLES", ICI)]);
        errors(|m| m.dossier.equipements[1].type_equipement = TypeEquipement::Len, &[]);
        warnings(|m| m.fiche().tp_externalise = true, &[("TP_EXTERNALISE", ICI)]);
    }

    #[test]
    fn the_numbers_that_the_mutuelle_demands_must_be_there() {
        errors(
            |m| {
                m.fiche().champs_requis = ChampRequis::ALL.to_vec();
                m.dossier.tiers_payant.rattachement.numero_adherent = None;
                m.dossier.tiers_payant.rattachement.numero_contrat = None;
            },
            &[
                ("CHAMP_REQUIS", "/tiers_payant/numero_adherent"),
                ("CHAMP_REQUIS", "/tiers_payant/numero_contrat"),
                ("CHAMP_REQUIS", "/tiers_payant/numero_groupe"),
                ("CHAMP_REQUIS", "/tiers_payant/regime"),
            ],
        );
        errors(|m| m.dossier.tiers_payant.rattachement.numero_adherent = None, &[]);
    }

    #[test]
    fn who_the_persons_are_must_be_known() {
        errors(
            |m| {
                let b = &mut m.dossier.beneficiaire;
                (b.nom, b.prenom, b.date_naissance) = (" ".into(), None, None);
            },
            &[("CHAMP_REQUIS", "/beneficiaire/nom"), ("CHAMP_REQUIS", "/beneficiaire/prenom"), ("CHAMP_REQUIS", "/beneficiaire/date_naissance")],
        );
        errors(
            |m| m.dossier.beneficiaire.qualite = Qualite::Conjoint,
            &[("CHAMP_REQUIS", "/assure/nom"), ("CHAMP_REQUIS", "/assure/prenom"), ("CHAMP_REQUIS", "/assure/date_naissance")],
        );
        errors(
            |m| (m.dossier.beneficiaire.qualite, m.dossier.assure) = (Qualite::Conjoint, Some(Assure { nom: Some("X".into()), ..Assure::default() })),
            &[("CHAMP_REQUIS", "/assure/prenom"), ("CHAMP_REQUIS", "/assure/date_naissance")],
        );
        warnings(|m| m.dossier.beneficiaire.date_naissance = Some(day("1979-05-14")), &[("NIR_NAISSANCE", "/beneficiaire/nir")]);
        warnings(
            |m| {
                let assure =
                    Assure { nom: Some("X".into()), prenom: Some("Y".into()), date_naissance: Some(day("1970-01-01")), nir: Some(nir("255081416802538")) };
                (m.dossier.beneficiaire.qualite, m.dossier.assure) = (Qualite::Conjoint, Some(assure));
            },
            &[("NIR_NAISSANCE", "/assure/nir")],
        );
    }

    #[test]
    fn the_equipment_must_exist_and_show_something() {
        errors(|m| m.equipement = 1, &[("EQUIPEMENT_INCONNU", "/equipement")]);
        assert!(Monde { equipement: 1, ..ready() }.verify().envoi.is_none());
        errors(|m| m.dossier.equipements[1].lignes.iter_mut().for_each(|l| l.occulte = true), &[("EQUIPEMENT_VIDE", "/equipements/1/lignes")]);
        errors(|m| m.dossier.equipements[1].lignes.clear(), &[("EQUIPEMENT_VIDE", "/equipements/1/lignes")]);
    }

    #[test]
    fn only_a_pec_waits_for_the_pec_before() {
        errors(|m| m.en_cours = Some(demande_id()), &[("PEC_EN_COURS", "/equipements/1")]);
        errors(|m| (m.en_cours, m.nature) = (Some(demande_id()), Nature::Cotation), &[]);
    }

    #[test]
    fn a_visible_line_needs_a_code() {
        let spoil = |m: &mut Monde, occulte, regroupement: Option<&str>| {
            let ligne = &mut m.dossier.equipements[1].lignes[2];
            (ligne.code_lpp, ligne.code_regroupement, ligne.occulte) = (None, regroupement.map(Into::into), occulte);
        };
        errors(|m| spoil(m, false, None), &[("CODE_LPP", "/equipements/1/lignes/2/code_lpp")]);
        errors(|m| spoil(m, true, None), &[]);
        errors(|m| spoil(m, false, Some("2223342")), &[]);
        // The other equipment is not asked about.
        errors(|m| m.dossier.equipements[0].lignes[0].code_lpp = None, &[]);
    }

    #[test]
    fn an_unknown_tariff_is_a_warning() {
        let code = |m: &mut Monde| m.dossier.equipements[1].lignes[2].code_lpp = Some("9999999".into());
        warnings(code, &[("TARIF_INCONNU", "/equipements/1/lignes/2/code_lpp")]);
        warnings(|m| (code(m), m.dossier.tiers_payant.part_ro = false).1, &[]);
        warnings(|m| (code(m), m.dossier.equipements[1].lignes[2].ro_manuel = Some(c(1))).1, &[]);
    }

    #[test]
    fn an_unknown_rate_is_a_warning() {
        let monde = ready();
        let referentiel = Referentiel { taux: vec![], ..Referentiel::initial() };
        let contexte = Contexte {
            magasin: &monde.magasin,
            compte: &monde.compte,
            conventions: true,
            dossier: &monde.dossier,
            mutuelle: monde.mutuelle.as_ref(),
            referentiel: &referentiel,
            en_cours: None,
        };
        let v = verify(&contexte, 2, Nature::Pec, None);
        assert_eq!((told(&v.erreurs), told(&v.avertissements)), (vec![], vec![("TAUX_INCONNU", "/equipements/1/taux_ro_manuel")]));
        assert!(v.envoi.unwrap().equipement.taux_ro.is_none());
    }

    #[test]
    fn codes_of_children_are_for_children() {
        const VERRE: &str = "/equipements/1/lignes/0/code_lpp";
        warnings(|m| m.dossier.equipements[1].lignes[0].code_lpp = Some("2261874".into()), &[("ENFANT", VERRE)]);
        warnings(
            |m| m.dossier.equipements[1].enfant_manuel = Some(true),
            &[("ENFANT", VERRE), ("ENFANT", "/equipements/1/lignes/1/code_lpp"), ("ENFANT", "/equipements/1/lignes/2/code_lpp")],
        );
    }

    #[test]
    fn what_deserves_a_look() {
        warnings(|m| m.dossier.prescription = None, &[("PRESCRIPTION_DATE", "/prescription/date")]);
        warnings(|m| m.dossier.prescription.as_mut().unwrap().date = None, &[("PRESCRIPTION_DATE", "/prescription/date")]);
        warnings(|m| m.dossier.tiers_payant.rattachement.fin_validite = Some(day("2013-11-25")), &[("CARTE_PERIMEE", "/tiers_payant/fin_validite")]);
        warnings(|m| m.dossier.tiers_payant.rattachement.fin_validite = Some(day("2013-11-26")), &[]);
    }

    #[test]
    fn a_demanded_field_must_be_switched_on() {
        for champ in ChampFacultatif::ALL {
            let pointer = format!("/magasin/transmission/{champ}");
            errors(
                |m| {
                    m.fiche().facultatifs_exiges = vec![*champ];
                    m.magasin.transmission = all_on().with(*champ, false);
                },
                &[("FACULTATIF_EXIGE", &pointer)],
            );
        }
        errors(|m| m.fiche().facultatifs_exiges = ChampFacultatif::ALL.to_vec(), &[]);
    }

    #[test]
    fn a_demanded_field_must_be_filled_in() {
        let mut monde = ready();
        monde.fiche().facultatifs_exiges = ChampFacultatif::ALL.to_vec();
        monde.dossier.beneficiaire.nir = None;
        monde.magasin.identite.opticien = Opticien::default();
        monde.dossier.prescription.as_mut().unwrap().prescripteur = None;
        for ligne in &mut monde.dossier.equipements[1].lignes {
            (ligne.surface, ligne.traitements, ligne.par_boite) = (None, vec![], None);
        }
        monde.dossier.equipements[1].lignes[1].occulte = true;
        let v = monde.verify();
        assert!(v.erreurs.iter().all(|e| e.code == "CHAMP_REQUIS"));
        assert_eq!(
            v.erreurs.iter().map(|e| e.champ.as_str()).collect::<Vec<_>>(),
            [
                "/beneficiaire/nir",
                "/magasin/opticien/nom",
                "/magasin/opticien/prenom",
                "/magasin/opticien/telephone",
                "/magasin/opticien/email",
                "/prescription/prescripteur/nom",
                "/prescription/prescripteur/prenom",
                "/equipements/1/lignes/0/surface",
                "/equipements/1/lignes/0/traitements",
                "/equipements/1/lignes/3/par_boite",
            ]
        );
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let empty = Magasin::empty("mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap());
        let mut monde = Monde { magasin: empty, compte: Compte::default(), conventions: false, mutuelle: None, en_cours: Some(demande_id()), ..ready() };
        monde.dossier.consentement.signature = None;
        monde.dossier.equipements[1].lignes[0].code_lpp = None;
        let v = monde.verify();
        assert_eq!(
            told(&v.erreurs).into_iter().map(|(code, _)| code).collect::<Vec<_>>(),
            ["OPTION_PEC", "CREDIT", "CONVENTIONS", "IDENTITE_MAGASIN", "IDENTITE_MAGASIN", "CONSENTEMENT", "MUTUELLE_ABSENTE", "PEC_EN_COURS", "CODE_LPP"]
        );
        assert!(v.envoi.is_none());
    }

    #[test]
    fn no_message_repeats_personal_data() {
        let mut monde = ready();
        monde.dossier.beneficiaire = Beneficiaire { nom: String::new(), date_naissance: Some(day("2001-02-03")), ..monde.dossier.beneficiaire };
        monde.fiche().champs_requis = ChampRequis::ALL.to_vec();
        let v = monde.verify();
        for e in v.erreurs.iter().chain(&v.avertissements) {
            for secret in ["278052A00412358", "Fabienne", "2001", "DEMO-ACCORD"] {
                assert!(!e.message.contains(secret), "{}", e.message);
            }
        }
    }

    #[test]
    fn what_is_sent_with_every_switch_on() {
        let envoi = ready().envoi();
        let text = |t: &str| Some(t.to_owned());
        assert_eq!((envoi.nature, envoi.essai, envoi.cotation), (Nature::Pec, false, Some(demande_id())));
        assert_eq!((envoi.routage.plateau.as_str(), envoi.routage.identifiant.as_str()), ("90000001", "90000002"));
        assert_eq!(
            envoi.opticien,
            OpticienEnvoi {
                finess: "750000002".parse().unwrap(),
                nom: text("MARTIN"),
                prenom: text("Claire"),
                telephone: text("0102030405"),
                email: text("claire@exemple.fr")
            }
        );
        let fabienne =
            PersonneEnvoi { nir: Some(nir("278052A00412358")), nom: "MONTFORT".into(), prenom: text("Fabienne"), naissance: Some(day("1978-05-14")) };
        assert!(envoi.assure == fabienne && envoi.beneficiaire.personne == fabienne);
        assert_eq!((envoi.beneficiaire.rang_gemellaire, envoi.beneficiaire.qualite), (Some(1), Qualite::Assure));
        assert_eq!((envoi.adherent, envoi.contrat, envoi.groupe), (text("DEMO-ACCORD"), text("C-1"), None));
        assert!(envoi.prescription.date == Some(day("2013-10-01")) && envoi.prescription.ri && envoi.prescription.ra);
        assert_eq!(envoi.prescription.prescripteur, Some((text("DUPONT"), text("Jean"))));
        let e = envoi.equipement;
        assert_eq!((e.numero, e.type_equipement, e.risque.as_str(), e.taux_ro, e.enfant), (2, TypeEquipement::Opt, "MALADIE", Some(60), false));
        let figures: Vec<_> =
            e.lignes.iter().map(|l| (l.numero, l.valeur.get(), l.ro.map(Centimes::get), l.remise.map(Pourcentage::centiemes), l.par_boite)).collect();
        assert_eq!(
            figures,
            [
                (1, 25_000, Some(137), Some(0), None),
                (2, 25_000, Some(137), Some(0), None),
                (3, 21_400, Some(170), Some(0), None),
                (4, 2_700, Some(0), Some(1_000), Some(6))
            ]
        );
        assert_eq!((e.lignes[0].surface, e.lignes[0].traitements.as_slice()), (Some(Surface::Standard), ["ANTIREFLET".to_owned()].as_slice()));
    }

    #[test]
    fn what_is_off_is_not_sent_and_what_is_on_is() {
        use ChampFacultatif as C;
        let present = |envoi: &Envoi, champ: C| {
            let remise = |categorie: Categorie| envoi.equipement.lignes.iter().any(|l| l.categorie == categorie && l.remise.is_some());
            match champ {
                C::BeneficiaireNir => envoi.beneficiaire.personne.nir.is_some(),
                C::BeneficiaireRangGemellaire => envoi.beneficiaire.rang_gemellaire.is_some(),
                C::AssureNir => envoi.assure.nir.is_some(),
                C::OpticienNomPrenom => envoi.opticien.nom.is_some() || envoi.opticien.prenom.is_some(),
                C::OpticienTelephone => envoi.opticien.telephone.is_some(),
                C::OpticienEmail => envoi.opticien.email.is_some(),
                C::PrescriptionRiRa => envoi.prescription.ri || envoi.prescription.ra,
                C::PrescriptionPrescripteur => envoi.prescription.prescripteur.is_some(),
                C::VerreSurface => envoi.equipement.lignes.iter().any(|l| l.surface.is_some()),
                C::VerreTraitement => envoi.equipement.lignes.iter().any(|l| !l.traitements.is_empty()),
                C::LentilleParBoite => envoi.equipement.lignes.iter().any(|l| l.par_boite.is_some()),
                C::VerreRemise => remise(Categorie::Ver) || remise(Categorie::Sup),
                C::LentilleRemise => remise(Categorie::Len),
                C::MontureRemise => remise(Categorie::Mon),
            }
        };
        let mut monde = ready();
        let supplement = Ligne { numero: 5, categorie: Categorie::Sup, traitements: vec!["PHOTOCHROMIQUE".into()], ..line(5, 1_000, Some("2203240")) };
        let prestation = Ligne { numero: 6, categorie: Categorie::Pre, traitements: vec![], ..supplement.clone() };
        monde.dossier.equipements[1].lignes.extend([supplement, prestation]);
        for off in C::ALL {
            monde.magasin.transmission = all_on().with(*off, false);
            let envoi = monde.envoi();
            for champ in C::ALL {
                assert_eq!(present(&envoi, *champ), champ != off, "{champ} when {off} is off");
            }
            assert!(envoi.equipement.lignes[5].remise.is_some());
        }
    }

    #[test]
    fn hidden_lines_are_not_sent() {
        let mut monde = ready();
        monde.dossier.equipements[1].lignes[1].occulte = true;
        assert_eq!(monde.envoi().equipement.lignes.iter().map(|l| l.numero).collect::<Vec<_>>(), [1, 3, 4]);
    }

    #[test]
    fn the_code_sent_is_the_lpp_code_or_the_one_of_its_group() {
        let mut monde = ready();
        let lines = &mut monde.dossier.equipements[1].lignes;
        lines[0].code_regroupement = Some("VER01".into());
        (lines[1].code_lpp, lines[1].code_regroupement) = (None, Some("VER02".into()));
        let codes: Vec<_> = monde.envoi().equipement.lignes.into_iter().map(|l| l.code_lpp.unwrap()).collect();
        assert_eq!(codes, ["2203240", "VER02", "2223342", "2200001"]);
    }

    #[test]
    fn the_insured_person_is_the_one_that_was_typed() {
        let mut monde = ready();
        monde.dossier.beneficiaire.qualite = Qualite::Enfant;
        let assure =
            Assure { nom: Some("PARENT".into()), prenom: Some("Anne".into()), date_naissance: Some(day("1955-08-01")), nir: Some(nir("255081416802538")) };
        monde.dossier.assure = Some(assure);
        let sent = monde.envoi().assure;
        assert!(sent.nom == "PARENT" && sent.naissance == Some(day("1955-08-01")) && sent.nir == Some(nir("255081416802538")));
    }

    #[test]
    fn a_demonstration_is_marked_and_a_cotation_comes_from_none() {
        let mut monde = ready();
        monde.magasin.abonnement.mode = Mode::Demonstration;
        monde.nature = Nature::Cotation;
        let envoi = monde.envoi();
        assert!(envoi.essai && envoi.cotation.is_none());
    }

    #[test]
    fn prisms_are_sent_when_they_were_typed() {
        let mut monde = ready();
        monde.dossier.equipements[1].prisme_od = "2".parse().ok();
        let envoi = monde.envoi();
        assert!(envoi.equipement.prisme_od.is_some() && envoi.equipement.prisme_og.is_none());
    }

    #[test]
    fn the_four_prerequisites() {
        let met = |m: &Monde| conditions(&m.magasin, &m.compte, m.conventions).map(|c| (c.code, c.remplie));
        assert_eq!(met(&ready()), [("OPTION_PEC", true), ("CREDIT", true), ("CONVENTIONS", true), ("IDENTITE", true)]);
        let bare =
            Monde { magasin: Magasin::empty("mag_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()), compte: Compte::default(), conventions: false, ..ready() };
        assert_eq!(met(&bare), [("OPTION_PEC", false), ("CREDIT", false), ("CONVENTIONS", false), ("IDENTITE", false)]);
        for condition in conditions(&bare.magasin, &bare.compte, false) {
            assert!(condition.message.ends_with('.') && condition.action.len() > 20);
        }
        let mut unnamed = ready();
        unnamed.magasin.identite.nom = None;
        assert!(!conditions(&unnamed.magasin, &unnamed.compte, true)[3].remplie);
    }
}
