package understand

import (
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// token is a word or a number of a text.
type token struct {
	text    string // folded
	key     string // what terms are compared by
	number  bool
	capital bool
	title   bool   // it begins with a capital, as a name does
	fixed   bool   // the key is that of a correction
	gap     string // what stands before it
	breaks  bool
}

// tokenise splits a text into its words and numbers.
func tokenise(s string) []token {
	f := text.NewFolded(s)
	var list []token
	behind := 0
	for i := 0; i < len(f.Runes); {
		j := i
		number := text.IsDigit(f.Runes[i])
		switch {
		case number:
			j = endOfNumber(f.Runes, i)
		case isLetter(f.Runes[i]):
			j = endOfWord(f.Runes, i)
		default:
			i++
			continue
		}
		t := token{text: string(f.Runes[i:j]), number: number, gap: string(f.Runes[behind:i])}
		if !number {
			t.text = strings.ReplaceAll(strings.TrimSuffix(t.text, "'s"), "'", "")
			original := f.Original(i, j)
			t.capital = strings.Trim(original, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
			t.title = beginsName(original)
		}
		t.key = t.text
		if !number {
			t.key = singular(t.text)
		}
		if len(list) > 0 {
			t.breaks = isBreak(t.gap, list[len(list)-1])
		}
		list = append(list, t)
		i, behind = j, j
	}
	return list
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || r >= utf8.RuneSelf }

// beginsName reports whether a word begins with a capital that names have.
func beginsName(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return 'A' <= r && r <= 'Z' || 0xc0 <= r && r <= 0xde && r != 0xd7
}

func endOfWord(s []rune, i int) int {
	for i < len(s) {
		apostrophe := s[i] == '\'' && i+1 < len(s) && isLetter(s[i+1])
		if !isLetter(s[i]) && !apostrophe {
			break
		}
		i++
	}
	return i
}

func endOfDigits(s []rune, i int) int {
	for i < len(s) && text.IsDigit(s[i]) {
		i++
	}
	return i
}

func endOfNumber(s []rune, i int) int {
	i = endOfDigits(s, i)
	for i < len(s) && s[i] == ',' && endOfDigits(s, i+1) == i+4 {
		i += 4
	}
	if i < len(s) && s[i] == '.' && endOfDigits(s, i+1) > i+1 {
		i = endOfDigits(s, i+1)
	}
	return i
}

func isBreak(gap string, before token) bool {
	return strings.ContainsAny(gap, ",;:!?()[]{}|") || strings.Contains(gap, " - ") ||
		strings.Contains(gap, ".") && (before.number || utf8.RuneCountInString(before.text) > 3)
}

func singular(word string) string {
	n := utf8.RuneCountInString(word)
	if n <= 3 {
		return word
	}
	if stem, ok := strings.CutSuffix(word, "men"); ok {
		return stem + "man"
	}
	if stem, ok := strings.CutSuffix(word, "ies"); ok && n > 4 {
		return stem + "y"
	}
	if stem, ok := strings.CutSuffix(word, "es"); ok && endsIn(stem, "ss", "sh", "ch", "x", "z") {
		return stem
	}
	if endsIn(word, "ss", "us", "is") {
		return word
	}
	return strings.TrimSuffix(word, "s")
}

func endsIn(s string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

func keyOf(s string) string { return keys(tokenise(s)) }

// keys joins the keys of tokens.
func keys(list []token) string {
	var b strings.Builder
	for _, t := range list {
		b.WriteString(t.key)
	}
	return b.String()
}

// words joins the texts of tokens.
func words(list []token) string {
	texts := make([]string, len(list))
	for i, t := range list {
		texts[i] = t.text
	}
	return strings.Join(texts, " ")
}
