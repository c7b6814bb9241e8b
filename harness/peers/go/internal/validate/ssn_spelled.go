package validate

import (
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// spelledSSNs returns the numbers of nine digits, some of them words or
// letters, that have a cue near them.
func spelledSSNs(s string, cues []cue, taken marks) []run {
	words := numberWords(s, taken)
	var places []run
	for i := 0; i < len(words); i++ {
		n := wordsOfSSN(s, words[i:])
		if n == 0 {
			continue
		}
		place := run{words[i].start, words[i+n-1].end}
		if hasCue(s, cues, place, false) {
			places = append(places, place)
			i += n - 1
		}
	}
	return places
}

// wordKind is what a word is in a number.
type wordKind int

const (
	// otherWord ends a number.
	otherWord wordKind = iota
	// written has digits, and letters in place of some.
	written
	// lettersOnly has letters in place of all digits.
	lettersOnly
	spoken
	tens
	// afterTens is the second half of a number like ninety-eight.
	afterTens
	// sign is the name of what stands between the groups.
	sign
	link
)

// numberWord is a longest run of letters and digits.
type numberWord struct {
	run
	kind wordKind
	// digits and standIns are how many of each it has.
	digits, standIns int
	// joined means that it may belong to the same number as the word before.
	joined bool
}

const maxSpelledGap = 8

func numberWords(s string, taken marks) []numberWord {
	var words []numberWord
	end := 0
	for end < len(s) {
		length := strings.IndexFunc(s[end:], inNumberWord)
		if length < 0 {
			break
		}
		w := numberWord{run: run{end + length, len(s)}}
		if n := strings.IndexFunc(s[w.start:], func(r rune) bool { return !inNumberWord(r) }); n >= 0 {
			w.end = w.start + n
		}
		gap := run{end, w.start}
		w.joined = len(words) > 0 && utf8.RuneCountInString(s[gap.start:gap.end]) <= maxSpelledGap && !taken.has(gap)
		if !taken.has(w.run) {
			w.classify(s[w.start:w.end])
			if ones[s[w.start:w.end]] && w.joined && behindTens(s, words) {
				w.kind, w.digits = afterTens, 0
			}
		}
		words = append(words, w)
		end = w.end
	}
	return words
}

func inNumberWord(r rune) bool { return text.IsLetterRune(r) || text.IsDigit(r) }

var (
	ones    = wordSet("one two three four five six seven eight nine uno dos tres cuatro cinco seis siete ocho nueve")
	singles = wordSet(`zero oh o double cero doble ciento doscientos trescientos cuatrocientos quinientos seiscientos
		setecientos ochocientos novecientos`)
	pairs = wordSet(`ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen triple diez once doce
		trece catorce quince dieciseis diecisiete dieciocho diecinueve veintiuno veintidos veintitres veinticuatro
		veinticinco veintiseis veintisiete veintiocho veintinueve`)
	allTens = wordSet(`twenty thirty forty fifty sixty seventy eighty ninety veinte treinta cuarenta cincuenta sesenta
		setenta ochenta noventa`)
	signs = wordSet("dash hyphen guion")
	links = wordSet("and hundred thousand y mil")
)

// standIns are letters that look like digits; two are of other scripts.
const standIns = "oqilzsbg\u03bf\u043e"

func (w *numberWord) classify(word string) {
	digits, letters, others := 0, 0, 0
	for _, r := range word {
		switch {
		case text.IsDigit(r):
			digits++
		case strings.ContainsRune(standIns, r):
			letters++
		default:
			others++
		}
	}
	switch {
	case digits > 0 && others == 0:
		w.kind, w.digits, w.standIns = written, digits+letters, letters
	case ones[word], singles[word]:
		w.kind, w.digits = spoken, 1
	case pairs[word]:
		w.kind, w.digits = spoken, 2
	case allTens[word]:
		w.kind, w.digits = tens, 2
	case signs[word]:
		w.kind = sign
	case links[word]:
		w.kind = link
	case digits == 0 && others == 0:
		w.kind, w.standIns = lettersOnly, letters
	}
}

// behindTens reports whether the last word is one of the tens, or a `y` behind
// one.
func behindTens(s string, words []numberWord) bool {
	last := words[len(words)-1]
	if last.kind == link && last.joined && s[last.start:last.end] == "y" {
		last = words[len(words)-2]
	}
	return last.kind == tens
}

// wordsOfSSN returns how many of the first words are a number, or 0.
func wordsOfSSN(s string, words []numberWord) int {
	if strings.HasSuffix(s[:words[0].start], "+") {
		return 0
	}
	n := spokenSSN(words)
	if n == 0 {
		n = disguisedSSN(s, words)
	}
	if n == 1 && labelBefore(s, words[0].start) {
		return 0
	}
	return n
}

const (
	ssnDigits   = 9
	maxStandIns = 4
)

// spokenSSN returns how many of the first words have nine digits in all, some
// of them spelled, or 0.
func spokenSSN(words []numberWord) int {
	if words[0].digits == 0 {
		return 0
	}
	digits, standIns, spelled := 0, 0, false
	for i, w := range words {
		if i > 0 && !w.joined || w.kind == otherWord || w.kind == lettersOnly {
			return 0
		}
		digits += w.digits
		standIns += w.standIns
		spelled = spelled || w.standIns > 0 || w.kind == spoken || w.kind == tens || w.kind == sign
		if digits < ssnDigits {
			continue
		}
		if digits > ssnDigits || !spelled || standIns > maxStandIns {
			return 0
		}
		return i + 1 + restOfTens(words[i+1:])
	}
	return 0
}

// restOfTens returns how many words belong to the tens before them.
func restOfTens(words []numberWord) int {
	switch {
	case len(words) > 0 && words[0].kind == afterTens:
		return 1
	case len(words) > 1 && words[0].kind == link && words[1].kind == afterTens:
		return 2
	}
	return 0
}

// disguisedSSN returns 3 when the first words are the groups of a number and
// have letters in place of digits.
func disguisedSSN(s string, words []numberWord) int {
	if len(words) < 3 {
		return 0
	}
	standIns := 0
	for i, size := range []int{3, 2, 4} {
		w := words[i]
		if w.kind != written && w.kind != lettersOnly || utf8.RuneCountInString(s[w.start:w.end]) != size {
			return 0
		}
		if i > 0 && !w.joined {
			return 0
		}
		standIns += w.standIns
	}
	sameGap := s[words[0].end:words[1].start] == s[words[1].end:words[2].start]
	if !sameGap || standIns == 0 || standIns > maxStandIns {
		return 0
	}
	return 3
}
