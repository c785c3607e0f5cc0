//! A mutuelle, the compact list and the import report as the API shows them, and a mutuelle as a body describes it.
//!
//! What must hold: of a convention's mutuelle only what a shop may write is read, so that a body made of a `GET` passes whatever else it
//! repeats; everything wrong is told at once. The rules themselves are the domain's (`liste`): here fields only get their JSON pointer.
//! Shape: docs/api.md, « Mutuelle ».

use optopec_domain::{
    dioptre::Pourcentage,
    erreur::{ErreurChamp, Invalide},
    limites::{COURT_CARACTERES_MAX, FORFAITS_PAR_MUTUELLE_MAX, NOM_CARACTERES_MAX, POURCENTAGE_DU_TARIF_MAX, REGIMES_PAR_MUTUELLE_MAX, REJETS_IMPORT_MAX},
    liste::{Edition, ForfaitSaisi, LigneRejetee, Rapport, Saisie, caracteres_max, parse_calcul},
    magasin::ChampFacultatif,
    mutuelle::{Assiette, Calcul, ChampCoordonnee, Coordonnees, Fiche, Forfait, Mutuelle, Regime, TypeForfait},
};
use optopec_lambda::dto::{
    communs::decimal,
    lecture::{Objet, obligatoire},
    listes,
    magasin::AdresseDto,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Une mutuelle, telle que ce magasin la voit.
#[derive(Debug, Serialize, ToSchema)]
pub struct MutuelleDto {
    /// Son identifiant dans ce magasin.
    #[schema(read_only, required = false)]
    pub id: String,
    /// Nom : au plus 60 caractères saisis par un magasin, 120 venant des conventions.
    #[schema(max_length = 120)]
    pub nom: String,
    /// Où vont ses demandes, de huit à dix chiffres ; avec `identifiant` ou pas du tout.
    #[schema(pattern = "^[0-9]{8,10}$")]
    pub plateau: Option<String>,
    /// Identifiant sur ce plateau, de huit à dix chiffres.
    #[schema(pattern = "^[0-9]{8,10}$")]
    pub identifiant: Option<String>,
    /// Adresse postale.
    #[schema(required = false)]
    pub adresse: AdresseDto,
    /// Téléphone.
    #[schema(max_length = 60)]
    pub telephone: Option<String>,
    /// Second téléphone.
    #[schema(max_length = 60)]
    pub telephone2: Option<String>,
    /// Télécopie.
    #[schema(max_length = 60)]
    pub fax: Option<String>,
    /// Site web.
    #[schema(max_length = 200)]
    pub site_web: Option<String>,
    /// « Autre ».
    #[schema(max_length = 200)]
    pub autre: Option<String>,
    /// Remarque.
    #[schema(max_length = 500)]
    pub remarque: Option<String>,
    /// Les PEC électroniques qu'elle accepte ; toujours `NON` sans plateau, `NON` par défaut.
    #[schema(required = false)]
    pub pec: listes::Pec,
    /// Vrai quand une PEC peut être annulée par voie électronique.
    #[schema(required = false)]
    pub annulation: bool,
    /// Numéros de la carte qu'elle exige.
    #[schema(required = false)]
    pub champs_requis: Vec<listes::ChampRequis>,
    /// Champs facultatifs qu'elle exige : le magasin doit les transmettre.
    #[schema(required = false)]
    pub facultatifs_exiges: Vec<listes::ChampFacultatif>,
    /// « Pratique du TOP Mutualiste ».
    #[schema(required = false)]
    pub top_mutualiste: bool,
    /// « Ne gère pas le Tiers Payant » : toute demande est refusée.
    #[schema(required = false)]
    pub sans_tiers_payant: bool,
    /// « TP externalisé » : un avertissement est donné.
    #[schema(required = false)]
    pub tp_externalise: bool,
    /// Régimes saisis par le magasin.
    #[schema(max_items = 50, required = false)]
    pub regimes: Vec<RegimeDto>,
    /// « Variable » quand la convention le prévoit, puis ceux du magasin.
    #[schema(max_items = 50, required = false)]
    pub forfaits: Vec<ForfaitDto>,
    /// D'où elle vient.
    #[schema(read_only, required = false)]
    pub origine: listes::OrigineMutuelle,
    /// Elle a quitté les conventions : toute nouvelle demande est refusée.
    #[schema(read_only, required = false)]
    pub retiree: bool,
    /// Augmente à chaque modification du magasin.
    #[schema(read_only, required = false)]
    pub version: u64,
}

/// Un régime d'une mutuelle.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegimeDto {
    /// Code.
    #[schema(max_length = 60)]
    pub code: String,
    /// Libellé.
    #[schema(max_length = 60)]
    pub libelle: String,
}

/// Ce que donne une mutuelle.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForfaitDto {
    /// Unique dans sa mutuelle ; attribué par le serveur à un nouveau forfait. `variable` existe de lui-même.
    #[schema(max_length = 60, required = false)]
    pub id: String,
    /// Libellé.
    #[schema(max_length = 60)]
    pub libelle: String,
    /// Comment il est calculé.
    pub r#type: listes::TypeForfait,
    /// Montant d'un forfait `FIXE`.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub montant_centimes: Option<u64>,
    /// Part d'un forfait `POURCENTAGE` : nombre décimal de 0 à 100, jusqu'à 1000 pour une part du `TARIF`.
    #[schema(example = "50")]
    pub pourcentage: Option<String>,
    /// Ce dont un forfait `POURCENTAGE` est une part.
    pub assiette: Option<listes::Assiette>,
}

impl From<&Mutuelle> for MutuelleDto {
    fn from(mutuelle: &Mutuelle) -> Self {
        let Mutuelle { id, fiche, regimes, forfaits, origine, retiree, version } = mutuelle;
        let Coordonnees { adresse, telephone, telephone2, fax, site_web, autre, remarque } = fiche.coordonnees.clone();
        Self {
            id: id.to_string(),
            nom: fiche.nom.clone(),
            plateau: fiche.routage.as_ref().map(|r| r.plateau.to_string()),
            identifiant: fiche.routage.as_ref().map(|r| r.identifiant.to_string()),
            adresse: AdresseDto { ligne1: adresse.ligne1, ligne2: adresse.ligne2, code_postal: adresse.code_postal, localite: adresse.localite },
            telephone,
            telephone2,
            fax,
            site_web,
            autre,
            remarque,
            pec: fiche.pec.into(),
            annulation: fiche.annulation,
            champs_requis: fiche.champs_requis.iter().map(|c| (*c).into()).collect(),
            facultatifs_exiges: fiche.facultatifs_exiges.iter().map(|c| (*c).into()).collect(),
            top_mutualiste: fiche.top_mutualiste,
            sans_tiers_payant: fiche.sans_tiers_payant,
            tp_externalise: fiche.tp_externalise,
            regimes: regimes.iter().map(|r| RegimeDto { code: r.code.clone(), libelle: r.libelle.clone() }).collect(),
            forfaits: forfaits.iter().map(ForfaitDto::from).collect(),
            origine: (*origine).into(),
            retiree: *retiree,
            version: *version,
        }
    }
}

impl From<&Forfait> for ForfaitDto {
    fn from(forfait: &Forfait) -> Self {
        let (type_forfait, montant_centimes, pourcentage, assiette) = match &forfait.calcul {
            Calcul::Variable => (TypeForfait::Variable, None, None, None),
            Calcul::Fixe(montant) => (TypeForfait::Fixe, Some(montant.get()), None, None),
            Calcul::Pourcentage(part, assiette) => (TypeForfait::Pourcentage, None, Some(part.to_string()), Some((*assiette).into())),
        };
        Self { id: forfait.id.clone(), libelle: forfait.libelle.clone(), r#type: type_forfait.into(), montant_centimes, pourcentage, assiette }
    }
}

/// Une page de mutuelles trouvées.
#[derive(Debug, Serialize, ToSchema)]
pub struct MutuellesDto {
    /// La plus proche d'abord.
    pub mutuelles: Vec<MutuelleDto>,
    /// Où commence la page suivante ; `null` à la dernière.
    pub suivant: Option<String>,
}

/// La liste entière en abrégé, pour un poste qui cherche lui-même.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndexDto {
    /// Par ordre de nom.
    pub mutuelles: Vec<EntreeDto>,
}

/// Ce qu'il faut d'une mutuelle pour la chercher et l'afficher.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntreeDto {
    /// Son identifiant.
    pub id: String,
    /// Nom.
    pub nom: String,
    /// Plateau.
    pub plateau: Option<String>,
    /// Identifiant.
    pub identifiant: Option<String>,
    /// La colonne « PEC ».
    pub pec: listes::Pec,
    /// Elle a quitté les conventions.
    pub retiree: bool,
}

impl From<&Mutuelle> for EntreeDto {
    fn from(mutuelle: &Mutuelle) -> Self {
        let routage = mutuelle.fiche.routage.as_ref();
        Self {
            id: mutuelle.id.to_string(),
            nom: mutuelle.fiche.nom.clone(),
            plateau: routage.map(|r| r.plateau.to_string()),
            identifiant: routage.map(|r| r.identifiant.to_string()),
            pec: mutuelle.fiche.pec.into(),
            retiree: mutuelle.retiree,
        }
    }
}

/// Ce qu'un téléchargement ou un import a fait, ou ferait.
#[derive(Debug, Serialize, ToSchema)]
pub struct RapportDto {
    /// Après un téléchargement : la version des conventions adoptée. Après un import : la version de la liste du magasin.
    pub version: String,
    /// Mutuelles que la liste n'avait pas.
    pub ajoutees: usize,
    /// Mutuelles qui ont changé.
    pub modifiees: usize,
    /// Mutuelles qui ont quitté les conventions.
    pub retirees: usize,
    /// Mutuelles inchangées.
    pub inchangees: usize,
    /// Lignes rejetées, les mille premières.
    #[schema(max_items = 1000)]
    pub rejetees: Vec<LigneRejeteeDto>,
    /// Nombre de lignes rejetées.
    pub rejetees_total: usize,
}

/// Une ligne rejetée.
#[derive(Debug, Serialize, ToSchema)]
pub struct LigneRejeteeDto {
    /// Ligne du fichier, l'en-tête étant la ligne 1.
    pub ligne: u32,
    /// La première colonne fautive.
    pub champ: String,
    /// Tout ce qui ne va pas dans cette ligne.
    pub raison: String,
}

impl RapportDto {
    /// A report about a version.
    pub fn of(version: String, rapport: &Rapport) -> Self {
        let Rapport { ajoutees, modifiees, retirees, inchangees, rejetees } = rapport;
        let show = |LigneRejetee { ligne, champ, raison }: &LigneRejetee| LigneRejeteeDto { ligne: *ligne, champ: champ.clone(), raison: raison.clone() };
        Self {
            version,
            ajoutees: *ajoutees,
            modifiees: *modifiees,
            retirees: *retirees,
            inchangees: *inchangees,
            rejetees: rejetees.iter().take(REJETS_IMPORT_MAX).map(show).collect(),
            rejetees_total: rejetees.len(),
        }
    }
}

/// What a shop may write of any mutuelle.
pub fn read_edition(corps: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Edition {
    let mut coordonnees = Coordonnees::default();
    let adresse = corps.objet("adresse", erreurs);
    for champ in ChampCoordonnee::ALL.iter().copied() {
        let (objet, nom) = match champ {
            ChampCoordonnee::Adresse1 => (adresse.as_ref(), "ligne1"),
            ChampCoordonnee::Adresse2 => (adresse.as_ref(), "ligne2"),
            ChampCoordonnee::CodePostal | ChampCoordonnee::Localite => (adresse.as_ref(), champ.as_str()),
            ChampCoordonnee::Telephone
            | ChampCoordonnee::Telephone2
            | ChampCoordonnee::Fax
            | ChampCoordonnee::SiteWeb
            | ChampCoordonnee::Autre
            | ChampCoordonnee::Remarque => (Some(corps), champ.as_str()),
        };
        *coordonnees.get_mut(champ) = objet.and_then(|objet| objet.texte(nom, caracteres_max(champ), erreurs));
    }
    Edition { coordonnees, regimes: read_regimes(corps, erreurs), forfaits: read_forfaits(corps, erreurs) }
}

fn read_regimes(corps: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Vec<Regime> {
    let (mut regimes, mut codes) = (Vec::new(), BTreeSet::new());
    for (chemin, valeur) in corps.tableau("regimes", REGIMES_PAR_MUTUELLE_MAX, erreurs) {
        let Some(objet) = Objet::at(valeur, chemin, erreurs) else { continue };
        let regime =
            Regime { code: objet.texte_requis("code", COURT_CARACTERES_MAX, erreurs), libelle: objet.texte_requis("libelle", NOM_CARACTERES_MAX, erreurs) };
        if !regime.code.is_empty() && !codes.insert(regime.code.clone()) {
            objet.refuse("code", Invalide::new("DOUBLE", "Ce code figure déjà plus haut."), erreurs);
        }
        regimes.push(regime);
    }
    regimes
}

fn read_forfaits(corps: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Vec<ForfaitSaisi> {
    let (mut forfaits, mut ids) = (Vec::new(), BTreeSet::new());
    for (chemin, valeur) in corps.tableau("forfaits", FORFAITS_PAR_MUTUELLE_MAX, erreurs) {
        let Some(objet) = Objet::at(valeur, chemin, erreurs) else { continue };
        let id = objet.texte("id", COURT_CARACTERES_MAX, erreurs);
        if id.as_ref().is_some_and(|id| !ids.insert(id.clone())) {
            objet.refuse("id", Invalide::new("DOUBLE", "Cet identifiant figure déjà plus haut."), erreurs);
        }
        let libelle = objet.texte_requis("libelle", NOM_CARACTERES_MAX, erreurs);
        if let Some(calcul) = read_calcul(&objet, erreurs) {
            forfaits.push(ForfaitSaisi { id, libelle, calcul });
        }
    }
    forfaits
}

fn read_calcul(objet: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Option<Calcul> {
    let faults = erreurs.len();
    let type_forfait = objet.require("type", Objet::code::<TypeForfait>, erreurs);
    let montant = objet.centimes("montant_centimes", erreurs);
    let assiette = objet.code::<Assiette>("assiette", erreurs);
    // Guarantees are told as « 200 % du tarif »; nobody pays more than all of what remains.
    let max = if assiette == Some(Assiette::Tarif) { POURCENTAGE_DU_TARIF_MAX } else { 100 };
    let part =
        objet.valeur("pourcentage").and_then(|valeur| objet.accept("pourcentage", decimal(valeur).and_then(|text| Pourcentage::parse(&text, max)), erreurs));
    if erreurs.len() > faults {
        return None;
    }
    match parse_calcul(type_forfait?, montant, part.map(|part| (part, assiette))) {
        Ok(calcul) => Some(calcul),
        Err((champ, invalide)) => {
            objet.refuse(champ, invalide, erreurs);
            None
        }
    }
}

/// What a shop says of one of its own, beside what [`read_edition`] reads.
pub fn read_fiche(corps: &Objet<'_>, erreurs: &mut Vec<ErreurChamp>) -> Option<Fiche> {
    let faults = erreurs.len();
    let text = |nom, erreurs: &mut Vec<ErreurChamp>| corps.texte(nom, usize::MAX, erreurs);
    // A name typed by a shop is a name like any other; the longer ones come in files only.
    let nom = corps.texte("nom", NOM_CARACTERES_MAX, erreurs);
    let (plateau, identifiant, pec) = (text("plateau", erreurs), text("identifiant", erreurs), text("pec", erreurs));
    let mut yes = |nom| corps.booleen(nom, erreurs).unwrap_or_default();
    let saisie = Saisie {
        nom: nom.as_deref(),
        plateau: plateau.as_deref(),
        identifiant: identifiant.as_deref(),
        pec: pec.as_deref(),
        annulation: yes("annulation"),
        top_mutualiste: yes("top_mutualiste"),
        sans_tiers_payant: yes("sans_tiers_payant"),
        tp_externalise: yes("tp_externalise"),
        champs_requis: read_texts(corps, "champs_requis", erreurs),
        facultatifs_exiges: read_texts(corps, "facultatifs_exiges", erreurs),
        coordonnees: Coordonnees::default(),
    };
    match saisie.parse() {
        Ok(fiche) => (erreurs.len() == faults).then_some(fiche),
        Err(fautes) => {
            // A field of the wrong type was named already; that it then looks absent is no second fault.
            let named: BTreeSet<String> = erreurs[faults..].iter().map(|e| e.champ.clone()).collect();
            erreurs.extend(fautes.into_iter().map(|(champ, invalide)| invalide.at(corps.pointeur(champ))).filter(|e| !named.contains(&e.champ)));
            None
        }
    }
}

fn read_texts<'a>(corps: &Objet<'a>, nom: &str, erreurs: &mut Vec<ErreurChamp>) -> Vec<&'a str> {
    let mut texts = Vec::new();
    for (chemin, valeur) in corps.tableau(nom, ChampFacultatif::ALL.len(), erreurs) {
        match valeur {
            Value::String(text) => texts.push(text.as_str()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => erreurs.push(obligatoire().at(chemin)),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use optopec_domain::{
        liste::{compose, create, edit_convention, parse_row},
        mutuelle::{Ajouts, OrigineMutuelle, Pec},
    };
    use serde_json::json;

    fn fiche(corps: &Value) -> Result<Fiche, Vec<(String, &'static str)>> {
        let mut erreurs = Vec::new();
        let lue = Objet::racine(corps, &mut erreurs).and_then(|o| read_fiche(&o, &mut erreurs));
        lue.ok_or_else(|| erreurs.into_iter().map(|e| (e.champ, e.code)).collect())
    }

    fn edition(corps: &Value) -> Result<Edition, Vec<(String, &'static str)>> {
        let mut erreurs = Vec::new();
        let lue = Objet::racine(corps, &mut erreurs).map(|o| read_edition(&o, &mut erreurs));
        if erreurs.is_empty() { Ok(lue.unwrap()) } else { Err(erreurs.into_iter().map(|e| (e.champ, e.code)).collect()) }
    }

    #[test]
    fn a_mutuelle_is_shown_in_the_shape_of_the_contract() {
        let base = parse_row(|c| match c {
            "nom" => Some("Mutuelle Démo"),
            "plateau" | "identifiant" => Some("90000001"),
            "pec" => Some("OPT_LEN"),
            "annulation" => Some("oui"),
            "champs_requis" => Some("numero_adherent"),
            "facultatifs_exiges" => Some("prescription_prescripteur"),
            "localite" => Some("Exempleville"),
            _ => None,
        })
        .unwrap();
        let corps = json!({"adresse": {"localite": "Exempleville"}, "regimes": [{"code": "01", "libelle": "Général"}],
            "forfaits": [{"libelle": "Fixe", "type": "FIXE", "montant_centimes": 5000}, {"id": "moitie", "libelle": "Moitié", "type": "POURCENTAGE", "pourcentage": 50, "assiette": "RESTE"}]});
        let ajouts = edit_convention(&Ajouts::default(), &base, edition(&corps).unwrap());
        let shown = serde_json::to_value(MutuelleDto::from(&compose(&[base], &ajouts)[0])).unwrap();
        let mut expected = json!({"nom": "Mutuelle Démo", "plateau": "90000001", "identifiant": "90000001",
            "adresse": {"ligne1": null, "ligne2": null, "code_postal": null, "localite": "Exempleville"},
            "telephone": null, "telephone2": null, "fax": null, "site_web": null, "autre": null, "remarque": null, "pec": "OPT_LEN", "annulation": true,
            "champs_requis": ["numero_adherent"], "facultatifs_exiges": ["prescription_prescripteur"],
            "top_mutualiste": false, "sans_tiers_payant": false, "tp_externalise": false, "regimes": [{"code": "01", "libelle": "Général"}],
            "forfaits": [
                {"id": "variable", "libelle": "Variable", "type": "VARIABLE", "montant_centimes": null, "pourcentage": null, "assiette": null},
                {"id": "f2-1", "libelle": "Fixe", "type": "FIXE", "montant_centimes": 5000, "pourcentage": null, "assiette": null},
                {"id": "moitie", "libelle": "Moitié", "type": "POURCENTAGE", "montant_centimes": null, "pourcentage": "50", "assiette": "RESTE"}],
            "origine": "CONVENTION", "retiree": false, "version": 2});
        expected["id"] = shown["id"].clone();
        assert_eq!(shown, expected);
        // What was read can be written back as it is.
        assert_eq!(edition(&shown).map(|e| e.forfaits.len()), Ok(3));
    }

    #[test]
    fn a_shop_describes_its_own_mutuelle() {
        let corps = json!({"id": "ignoré", "nom": " Maison ", "plateau": "12345678", "identifiant": "12345678", "pec": "OPT", "annulation": true, "champs_requis": ["numero_contrat"], "origine": 3});
        let fiche = fiche(&corps).unwrap();
        assert_eq!((fiche.nom.as_str(), fiche.pec, fiche.annulation, fiche.champs_requis.len()), ("Maison", Pec::Opt, true, 1));
        let ajouts = create(&Ajouts::default(), "mut_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(), fiche, edition(&corps).unwrap());
        assert_eq!(compose(&[], &ajouts)[0].origine, OrigineMutuelle::Magasin);
    }

    #[test]
    fn everything_wrong_with_a_body_is_told_with_its_place() {
        let at = |champ: &str, code| (champ.to_owned(), code);
        assert_eq!(
            fiche(&json!({"nom": 3, "plateau": "12", "identifiant": "12345678", "pec": "OUI", "annulation": "oui", "champs_requis": ["age"]})).unwrap_err(),
            [at("/nom", "TYPE"), at("/annulation", "TYPE"), at("/plateau", "PLATEAU"), at("/pec", "VALEUR"), at("/champs_requis", "VALEUR")]
        );
        assert_eq!(fiche(&json!({"nom": "A", "pec": "OPT_LEN"})).unwrap_err(), [at("/plateau", "PLATEAU")]);
        assert_eq!(fiche(&json!({"nom": "n".repeat(61)})).unwrap_err(), [at("/nom", "TROP_LONG")]);
        let corps = json!({"adresse": {"ligne1": "x".repeat(61)}, "remarque": "r".repeat(501), "regimes": [{"code": "1", "libelle": "A"}, {"code": "1"}],
            "forfaits": [{"libelle": "F", "type": "FIXE"}, {"libelle": "P", "type": "POURCENTAGE", "pourcentage": "101", "assiette": "RESTE"}, {"type": "POURCENTAGE", "pourcentage": "10"}, {"libelle": "X"},
                {"libelle": "T", "type": "POURCENTAGE", "pourcentage": "200", "assiette": "TARIF"}, {"libelle": "T", "type": "POURCENTAGE", "pourcentage": "1000.01", "assiette": "TARIF"}]});
        assert_eq!(
            edition(&corps).unwrap_err(),
            [
                at("/adresse/ligne1", "TROP_LONG"),
                at("/remarque", "TROP_LONG"),
                at("/regimes/1/libelle", "OBLIGATOIRE"),
                at("/regimes/1/code", "DOUBLE"),
                at("/forfaits/0/montant_centimes", "OBLIGATOIRE"),
                at("/forfaits/1/pourcentage", "POURCENTAGE"),
                at("/forfaits/2/libelle", "OBLIGATOIRE"),
                at("/forfaits/2/assiette", "OBLIGATOIRE"),
                at("/forfaits/3/type", "OBLIGATOIRE"),
                at("/forfaits/5/pourcentage", "POURCENTAGE"),
            ]
        );
    }

    #[test]
    fn a_report_counts_every_rejected_row_and_names_the_first_thousand() {
        let rejetees: Vec<_> = (2..1502).map(|ligne| LigneRejetee { ligne, champ: "plateau".into(), raison: "Non.".into() }).collect();
        let shown = serde_json::to_value(RapportDto::of("v".into(), &Rapport { ajoutees: 1, rejetees, ..Rapport::default() })).unwrap();
        assert_eq!(
            (shown["rejetees"].as_array().unwrap().len(), &shown["rejetees_total"], &shown["ajoutees"], &shown["retirees"]),
            (1000, &json!(1500), &json!(1), &json!(0))
        );
        assert_eq!(shown["rejetees"][0], json!({"ligne": 2, "champ": "plateau", "raison": "Non."}));
    }
}
