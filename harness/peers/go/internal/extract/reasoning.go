package extract

import (
	"bytes"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/rawjson"
)

// span is a range of bytes.
type span struct{ start, end int }

// form distinguishes marks that close differently.
type form int

const (
	none    form = iota
	plain        // a tag, brackets or triangles
	token        // a tag of special tokens
	channel      // <|channel|>
	half         // <|channel>
)

// mark is a mark around reasoning: what it opens, what it closes.
type mark struct {
	opens  form
	closes []form // the forms that it closes
	family int    // of a name that is opened or closed
	// final marks the final channel; everything before it is reasoning.
	final bool
	// alone means that a closing mark also counts when nothing is open.
	alone bool
}

var (
	names = []string{
		"think", "thinking", "thought", "thoughts", "thought_process", // one family
		"reasoning", "reflection", "scratchpad", "analysis", "rationale", "monologue", "inner_monologue",
		"internal_monologue", "chain_of_thought", "cot", "deliberation",
	}
	openingWords = []string{"", "begin_of_", "start_of_", "begin_", "start_"}
	closingWords = []string{"end_of_", "end_"}
)

const familySize = 5

// reasoning returns the hidden parts of a text.
func reasoning(text []byte) []span {
	bare := lostTokens(text)
	var hidden []span
	drafts := rawjson.NewDrafts(text)
	var open mark
	start, i := 0, 0
	if bare {
		i = len(text) - len(bytes.TrimLeft(text, jsonSpace))
		open, start = mark{opens: channel}, i
	}
	for i < len(text) {
		if text[i] == '{' && open.opens == none {
			if end, ok := drafts.End(i); ok {
				i = end
				continue
			}
		}
		m, n := markAt(text[i:], bare)
		if n == 0 {
			i++
			continue
		}
		i += n
		switch {
		case m.final, open.opens == none && m.alone:
			hidden = []span{{0, i}}
			open = mark{}
		case open.opens == none && m.opens != none:
			open, start = m, i-n
		case open.opens != none && slices.Contains(m.closes, open.opens) && m.family == open.closedBy(m):
			hidden = append(hidden, span{start, i})
			open = mark{}
		}
	}
	if open.opens != none {
		hidden = append(hidden, span{start, len(text)})
	}
	return hidden
}

// closedBy returns the family that a mark must have to close m: its own, or
// that of a mark without a name.
func (m mark) closedBy(by mark) int {
	if by.family == noFamily {
		return noFamily
	}
	return m.family
}

// noFamily is the family of marks that close whatever has their form.
const noFamily = -1

// lostTokens reports whether the text has lost its special tokens, as in
// `analysisWe need …assistantfinal…`.
func lostTokens(text []byte) bool {
	rest, found := bytes.CutPrefix(bytes.TrimLeft(text, jsonSpace), []byte("analysis"))
	return found && len(rest) > 0 && 'A' <= rest[0] && rest[0] <= 'Z'
}

const jsonSpace = " \t\n\r"

// markAt returns the mark that text begins with and its length, 0 without one.
func markAt(text []byte, bare bool) (mark, int) {
	var m mark
	var rest []byte
	ok := false
	switch text[0] {
	case '<':
		if inside, found := bytes.CutPrefix(text, []byte("<|")); found {
			m, rest, ok = tokenMark(inside)
		} else if rest, ok = cutFold(text, "<channel|>"); ok {
			m = mark{closes: []form{half}, family: noFamily, alone: true}
		} else {
			m, rest, ok = tagMark(text[1:])
		}
	case '[':
		m, rest, ok = enclosed(text[1:], "]", "think", "thinking")
	case 0xe2:
		if inside, found := bytes.CutPrefix(text, []byte("◁")); found {
			m, rest, ok = enclosed(inside, "▷", names...)
		}
	case 'a':
		if bare {
			rest, ok = bytes.CutPrefix(text, []byte("assistantfinal"))
			m.final = true
		}
	}
	if !ok {
		return mark{}, 0
	}
	return m, len(text) - len(rest)
}

// tagMark reads a tag after its `<`.
func tagMark(inside []byte) (mark, []byte, bool) {
	closing, inside := slash(inside)
	n := 0
	for n < len(inside) && isLetter(inside[n]) {
		n++
	}
	if n > 0 && n < len(inside) && inside[n] == ':' {
		inside = inside[n+1:]
	}
	family, rest, ok := name(inside)
	if !ok {
		return mark{}, nil, false
	}
	end := bytes.IndexAny(rest, "<>")
	if end < 0 || rest[end] == '<' {
		return mark{}, nil, false
	}
	attributes := rest[:end]
	if end > 0 && (!strings.ContainsRune(jsonSpace, rune(attributes[0])) || attributes[end-1] == '/') {
		return mark{}, nil, false
	}
	return named(plain, family, closing), rest[end+1:], true
}

// tokenMark reads a special token after its `<|`.
func tokenMark(inside []byte) (mark, []byte, bool) {
	if rest, ok := cutFold(inside, "channel>"); ok {
		return mark{opens: half}, rest, true
	}
	closing, inside := slash(inside)
	word, rest := cutWord(inside)
	rest, ok := bytes.CutPrefix(rest, []byte("|>"))
	if !ok {
		return mark{}, nil, false
	}
	if closing {
		family := familyOf(word)
		return named(token, family, true), rest, family != noFamily
	}
	switch word {
	case "channel":
		after, final := cutFold(bytes.TrimLeft(rest, jsonSpace), "final")
		if final && (len(after) == 0 || !isLetter(after[0])) {
			return mark{final: true}, after, true
		}
		return mark{opens: channel}, rest, true
	case "end":
		return mark{closes: []form{channel, token}, family: noFamily}, rest, true
	case "return", "call", "start":
		return mark{closes: []form{channel}, family: noFamily}, rest, true
	}
	for _, prefix := range openingWords {
		if bareWord, ok := strings.CutPrefix(word, prefix); ok && familyOf(bareWord) != noFamily {
			return named(token, familyOf(bareWord), false), rest, true
		}
	}
	for _, prefix := range closingWords {
		if bareWord, ok := strings.CutPrefix(word, prefix); ok && familyOf(bareWord) != noFamily {
			return named(token, familyOf(bareWord), true), rest, true
		}
	}
	return mark{}, nil, false
}

// enclosed reads a mark after its opening bracket.
func enclosed(inside []byte, end string, permitted ...string) (mark, []byte, bool) {
	closing, inside := slash(inside)
	word, rest := cutWord(inside)
	rest, ok := bytes.CutPrefix(rest, []byte(end))
	if !ok || !slices.Contains(permitted, word) {
		return mark{}, nil, false
	}
	return named(plain, familyOf(word), closing), rest, true
}

// named is the mark with a name of a family.
func named(opens form, family int, closing bool) mark {
	if closing {
		return mark{closes: []form{plain, token}, family: family, alone: true}
	}
	return mark{opens: opens, family: family}
}

func name(text []byte) (family int, rest []byte, ok bool) {
	word, rest := cutWord(text)
	family = familyOf(word)
	return family, rest, family != noFamily
}

func familyOf(name string) int {
	i := slices.Index(names, name)
	if 0 <= i && i < familySize {
		return 0
	}
	return i
}

// cutWord returns the word that text begins with, in lower case and with
// underscores.
func cutWord(text []byte) (string, []byte) {
	n := 0
	for n < len(text) && (isLetter(text[n]) || text[n] == '_' || text[n] == '-') {
		n++
	}
	return strings.ReplaceAll(strings.ToLower(string(text[:n])), "-", "_"), text[n:]
}

func slash(text []byte) (bool, []byte) {
	rest, found := bytes.CutPrefix(text, []byte("/"))
	return found, rest
}

// cutFold cuts a prefix of ASCII characters in any case.
func cutFold(text []byte, prefix string) ([]byte, bool) {
	if len(text) < len(prefix) || !strings.EqualFold(string(text[:len(prefix)]), prefix) {
		return text, false
	}
	return text[len(prefix):], true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
