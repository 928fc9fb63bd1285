// French clinical prose, made anew from a seed: what practitioners type, with the characters that break careless
// programs (accents, typographic apostrophes and spaces, emoji of several code points, words written from right to
// left, combining marks, signs beyond the first plane).

/** Numbers in [0, 1) that depend on the seed alone. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = (random, list) => list[Math.floor(random() * list.length)];
export const between = (random, low, high) => low + Math.floor(random() * (high - low + 1));

// {n} is a number, {t} a temperature, {m} a medicine, {d} a duration.
const phrases = {
  motif: [
    'Toux grasse depuis {d}, s’aggravant la nuit', 'Renouvellement d’ordonnance 💊', 'Douleur de l’épaule droite à l’effort',
    'Certificat d’aptitude au sport 🏃🏽‍♀️', 'Vertiges au lever, « comme sur un bateau »', 'Fièvre à {t} °C chez un nourrisson de {n} mois',
    'Suivi de grossesse, {n}ᵉ semaine', 'Contrôle tensionnel ; céphalées matinales', 'Adressée par le Dr Œuvré-Müller pour avis',
    'Résultats à commenter : bilan du {n} novembre', 'Palpitations brèves depuis l’été ❤️‍🩹', 'Éruption prurigineuse des avant-bras',
  ],
  interrogatoire: [
    'Épisodes de {d}, cédant spontanément, sans facteur déclenchant retrouvé', 'Pas d’antécédent familial connu avant {n} ans',
    'La patiente dit : « ça serre, puis ça passe »', 'Prend {m} {n} mg, un comprimé matin et soir, bien toléré',
    'Tabac : {n} paquets-année, sevré depuis {d}', 'Le père, né à حلب, traité par {m} ; s’exprime en arabe : « عندي ألم في الصدر »',
    'Sa grand-mère parle yiddish : « עס טוט וויי »', 'Dort mal, se réveille à {n} h, fatigue dès le matin 😴',
    'Appétit conservé, pas de perte de poids, transit régulier', 'Voyage récent : Đà Nẵng, puis Reykjavík — pas de piqûre signalée',
    'De\u0301j\u00e0 vu aux urgences il y a {d}, sans suite', 'Vaccins à jour, rappel dTP fait en 20{n}', 'Vit seule, aide à domicile {n} h par semaine',
    'Nie toute douleur à la miction ; ni brûlure, ni hématurie', 'Allergie signalée à la pénicilline (urticaire à {n} ans)',
  ],
  examen: [
    'TA {n}/{n} mmHg, FC {n}/min, SpO₂ {n} %', 'Apyrétique, T° {t} °C', 'Auscultation : murmure vésiculaire présent et symétrique, pas de râle',
    'BdC réguliers, pas de souffle, pouls périphériques perçus', 'Abdomen souple, dépressible, indolore ; pas d’hépatomégalie',
    'Réflexes ostéo-tendineux vifs et symétriques (++/++)', 'Œdème des chevilles prenant le godet, gauche > droite',
    'Tympans rosés, réflexe lumineux conservé 👂', 'Périmètre abdominal {n} cm ; IMC {t} kg/m²', 'Score 𝛼 = {n}/30, Δ −{n} depuis {d}',
    'Mobilité : flexion {n}°, extension {n}°, pas de flessum', 'Peau sèche, lésions érythémato-squameuses, Ø ≈ {n} mm',
    'Examen neurologique sans particularité, Romberg négatif', 'Naïf à la palpation, cicatrice d’a\u0300 co\u0302te\u0301 propre',
  ],
  conclusion: [
    'Bronchite aiguë, probablement virale ; pas d’antibiotique', 'Poursuite de {m} {n} mg pendant {d}', 'Holter de 24 h demandé, à revoir dans {d}',
    'HTA mal équilibrée : majoration de {m} à {n} mg', 'Arrêt de travail de {n} jours, reprise prévue le lundi', 'Revenir sans délai si fièvre, dyspnée ou malaise ⚠️',
    'Adressé(e) au cardiologue, courrier remis 📄', 'Bilan : NFS, CRP, ionogramme, créatinine, TSH', 'Explications données ; la patiente est d’accord 👍🏿',
    'Conseils hygiéno-diététiques rappelés, poids cible {n} kg', 'Traducteur : شكراً — rendez-vous noté', 'E\u0301volution favorable, pas de signe de gravite\u0301',
  ],
};
const medicines = ['paracétamol', 'bisoprolol', 'amoxicilline', 'Lévothyrox®', 'metformine', 'ramipril', 'énoxaparine'];
const durations = ['3 j', 'dix jours', 'six semaines', 'l’été', 'quinze jours', 'un mois et demi'];
const ends = ['. ', '. ', ' ; ', '.\n', ', ', ' — '];

export const fields = Object.keys(phrases);

/** At least `words` words for one field. The same seed gives the same text. */
export function clinicalText(random, field, words) {
  let text = '';
  let count = 0;
  while (count < words) {
    const phrase = pick(random, phrases[field])
      .replace(/\{n\}/g, () => String(between(random, 2, 180)))
      .replace(/\{t\}/g, () => `${between(random, 36, 40)},${between(random, 0, 9)}`)
      .replace(/\{m\}/g, () => pick(random, medicines))
      .replace(/\{d\}/g, () => pick(random, durations));
    text += phrase + pick(random, ends);
    count = wordsOf(text).length;
  }
  return text.trimEnd();
}

export const wordsOf = (text) => text.split(/\s+/u).filter((word) => word !== '');

/** The text in pieces of a few words, as hands deliver it; joined again they are the text. */
export function piecesOf(random, text, wordsMax) {
  const tokens = text.match(/\S+\s*/gu) ?? [];
  const pieces = [];
  for (let at = 0; at < tokens.length; ) {
    const size = between(random, 1, wordsMax);
    pieces.push(tokens.slice(at, at + size).join(''));
    at += size;
  }
  return pieces;
}
