package sqlfilter

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

type tokenKind byte

const (
	end tokenKind = iota
	name
	keyword
	text
	number
	symbol
)

// token is a part of the source; the text of a keyword is in upper case, that
// of a quoted name or string has no quotes.
type token struct {
	kind tokenKind
	what string
}

func (t token) is(kind tokenKind, what string) bool { return t.kind == kind && t.what == what }

// String returns the token as errors print it.
func (t token) String() string {
	if t.kind == end {
		return "the end"
	}
	return "`" + t.what + "`"
}

var (
	keywords = map[string]bool{
		"AND": true, "OR": true, "NOT": true, "IN": true, "BETWEEN": true, "LIKE": true, "ILIKE": true,
		"ESCAPE": true, "IS": true, "NULL": true, "TRUE": true, "FALSE": true,
	}
	wordForm   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`)
	numberForm = regexp.MustCompile(`^-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?`)
	textForm   = regexp.MustCompile(`^'([^']|'')*'`)
	nameForm   = regexp.MustCompile(`^"[^"]*"`)
	symbolForm = regexp.MustCompile(`^(<>|!=|<=|>=|[=<>(),])`)
)

// lex splits a condition into tokens; the last one is end.
func lex(source string) ([]token, error) {
	var tokens []token
	for {
		source = strings.TrimLeft(source, " \t\r\n")
		if source == "" {
			return append(tokens, token{kind: end}), nil
		}
		if source[0] == '\'' || source[0] == '"' {
			t, size, err := lexQuoted(source)
			if err != nil {
				return nil, err
			}
			tokens, source = append(tokens, t), source[size:]
			continue
		}
		var t token
		if t.what = wordForm.FindString(source); t.what != "" {
			t.kind = name
			if upper := strings.ToUpper(t.what); keywords[upper] {
				t.kind = keyword
			}
		} else if t.what = symbolForm.FindString(source); t.what != "" {
			t.kind = symbol
		} else if t.what = numberForm.FindString(source); t.what != "" {
			t.kind = number
		} else {
			return nil, fmt.Errorf("unexpected `%c`", []rune(source)[0])
		}
		source = source[len(t.what):]
		if t.kind == number && wordForm.MatchString(source) {
			return nil, fmt.Errorf("no space between the number `%s` and a word", t.what)
		}
		if t.kind == keyword {
			t.what = strings.ToUpper(t.what)
		}
		tokens = append(tokens, t)
	}
}

// lexQuoted reads a string or a name in quotes.
func lexQuoted(source string) (t token, size int, err error) {
	if quoted := nameForm.FindString(source); quoted != "" {
		return token{name, quoted[1 : len(quoted)-1]}, len(quoted), nil
	}
	quoted := textForm.FindString(source)
	if quoted == "" {
		return token{}, 0, errors.New("a quote is not closed")
	}
	return token{text, strings.ReplaceAll(quoted[1:len(quoted)-1], "''", "'")}, len(quoted), nil
}
