/** The words that decide what is a placeholder. */

import { LETTER } from '../letters.mjs';

/** Words that name what a field is for. */
export const FIELD_NAMES = setOf(
  `name names first last middle given family surname nickname fname lname firstname lastname
   fullname forename username title salutation mr mrs ms suffix initials worker employee candidate
   applicant associate recipient contact person user customer client company employer organization
   business agency sender manager supervisor lead recruiter coordinator date day month year time
   hour hours start end finish shift schedule mm dd yy yyyy hh address street city state zip
   zipcode county country location site facility building warehouse department dept room suite dock
   unit region role position job occupation project assignment phone telephone mobile cell number
   num fax email mail url link website id pay rate wage salary amount price bonus currency dollars
   reason placeholder value variable field todo tbd tba tbc xxx xyz signature nombre apellido
   apellidos fecha hora direccion ciudad estado cliente empresa telefono correo puesto turno lugar
   salario numero trabajador empleado candidato`,
);

/** Words that stand beside them. */
export const FIELD_FILLERS = setOf(
  `a an and or of the to for in at on by with your my our their his her s here please full total
   hourly per line add type note notes info information details text message content description am
   pm x y no de del la el los las su sus o e al en`,
);

/** The elements of HTML. */
export const ELEMENTS = setOf(
  `a abbr acronym area article aside audio b base bdi bdo big blockquote body br button canvas
   caption center cite code col colgroup datalist dd del details dfn dialog div dl dt em embed
   fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup
   hr html i iframe img input ins kbd legend li main mark marquee menu meta meter nav nobr noscript
   object ol optgroup option output p param picture pre progress q rp rt ruby s samp script section
   select small source span strike strong style sub summary sup svg table tbody td template
   textarea tfoot th thead tr track tt u ul var video wbr`,
);

/** They are elements only where a closing tag is as well. */
export const ELEMENTS_IF_CLOSED = setOf(
  `address data label link map time title`,
);

const WORDS = new RegExp(`${LETTER}+`, 'gu');

/**
 * @param {string} content
 * @returns {string[]} its words in lower case, cut before a capital behind a small letter
 */
export function fieldWords(content) {
  return (content.match(WORDS) ?? [])
    .flatMap((run) => run.split(/(?<=[a-z])(?=[A-Z])/))
    .map((word) => word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
}

function setOf(words) {
  return new Set(words.split(/\s+/));
}
