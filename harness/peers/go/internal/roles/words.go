package roles

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// word is a folded word, with what the rules need of its original spelling.
type word struct {
	string
	// broken reports whether a break lies before the word.
	broken      bool
	capitalised bool
	// An acronym has two or more characters, all of them capital; the plural of
	// one has a small s behind them.
	acronym, acronyms bool
}

const breaks = `,;:!?()[]{}|"`

// wordsOf returns the words of s.
func wordsOf(s string) (words []word) {
	w := scanner{folded: text.NewFolded(s), cased: strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz")}
	broken := false
	for w.at < len(w.folded.Runes) {
		if w.inWord(w.at) {
			next := w.word()
			next.broken = broken
			words = append(words, next)
			broken = false
			continue
		}
		if w.isBreak(words) {
			broken = true
		}
		w.at++
	}
	return words
}

type scanner struct {
	folded text.Folded
	// cased reports whether capitals distinguish anything.
	cased bool
	at    int
}

// rune returns a folded character, or -1 outside the text.
func (s *scanner) rune(i int) rune {
	if i < 0 || i >= len(s.folded.Runes) {
		return -1
	}
	return s.folded.Runes[i]
}

func (s *scanner) inWord(i int) bool {
	r := s.rune(i)
	return text.IsAlnum(r) || r >= utf8.RuneSelf
}

// original returns the character that a folded one came from.
func (s *scanner) original(i int) rune {
	r, _ := utf8.DecodeRuneInString(s.folded.Original(i, i+1))
	return r
}

// word reads the word at the current position.
func (s *scanner) word() word {
	var runes []rune
	var capitals []bool
	for {
		if s.inWord(s.at) {
			runes = append(runes, s.rune(s.at))
			capitals = append(capitals, s.cased && isCapital(s.original(s.at)))
			s.at++
			continue
		}
		if s.rune(s.at) != '\'' || !s.inWord(s.at+1) {
			break
		}
		s.at++
		if s.rune(s.at) == 's' && !s.inWord(s.at+1) {
			s.at++
			break
		}
	}
	last := len(runes) - 1
	all := func(list []bool) bool { return !slices.Contains(list, false) }
	return word{
		string:      string(runes),
		capitalised: capitals[0],
		acronym:     last >= 1 && all(capitals),
		acronyms:    last >= 2 && all(capitals[:last]) && !capitals[last] && runes[last] == 's',
	}
}

// isBreak reports whether the character at the current position, behind words,
// breaks the text.
func (s *scanner) isBreak(words []word) bool {
	switch r := s.rune(s.at); {
	case strings.ContainsRune(breaks, r):
		return true
	case r == '-':
		return s.rune(s.at-1) == ' ' && s.rune(s.at+1) == ' '
	case r == '.':
		return s.inWord(s.at-1) && s.rune(s.at+1) == ' ' && words[len(words)-1].length() >= 4
	}
	original := s.original(s.at)
	return original == '\n' || original == '\r'
}

func isCapital(r rune) bool {
	return 'A' <= r && r <= 'Z' || 0xC0 <= r && r <= 0xDE && r != 0xD7 || 0xFF21 <= r && r <= 0xFF3A
}

func (w word) length() int { return utf8.RuneCountInString(w.string) }

func (w word) in(list []string) bool { return slices.Contains(list, w.string) }

func (w word) startsWithDigit() bool { return text.IsDigit(w.string[0]) }

// isCount reports whether the word is digits, with an x before or behind them.
func (w word) isCount() bool {
	digits, cut := strings.CutSuffix(w.string, "x")
	if !cut {
		digits = strings.TrimPrefix(w.string, "x")
	}
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

// joined returns the words with a separator between them.
func joined(words []word, separator string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.string
	}
	return strings.Join(list, separator)
}
