package validate

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// form is one way to write a placeholder.
type form struct {
	pattern *regexp.Regexp
	accepts func(m match) bool
}

func pattern(p string, accepts func(m match) bool) form {
	return form{regexp.MustCompile(p), accepts}
}

func always(match) bool { return true }

// notNextTo accepts a match without these characters before and after it.
func notNextTo(before, after string) func(m match) bool {
	return func(m match) bool { return m.noneAround(before, after) }
}

// forms are in the contract's order.
var forms = []form{
	pattern(`\{\{[^{}]{0,200}\}\}`, always),
	pattern(`\{%[^{}]{0,100}\}`, always),
	pattern(`\{#[^{}]{0,100}#\}`, always),
	pattern(`<[%?][^<>]{0,200}[%?]>`, always),
	pattern(`\$\{[^{}]{0,100}\}`, always),
	pattern(`\{ *[!$#@:=^&*+~]? *[A-Za-z_\x{80}-\x{10FFFF}][A-Za-z0-9_.' |:()/\[\]\x{80}-\x{10FFFF}-]{0,59}\}`, always),
	pattern(`\{ *\}|\{[0-9]{1,2}\}`, always),
	pattern(`\[\[[^\[\]]{1,60}\]\]`, notNextTo("(", "(")),
	pattern(`\[%[^\[\]]{1,60}%\]`, always),
	pattern(`\[(#+|\$+)\]`, always),
	pattern(`\[([^\[\]\n]{1,60})\]`, isBracketField),
	pattern(`<([A-Za-z_][A-Za-z0-9_.' -]{0,59})>`, isNoElement),
	pattern(`\*\|[^|\n]{1,60}\|\*`, always),
	pattern(`«([^«»\n]{1,60})»|‹([^‹›\n]{1,60})›`, func(m match) bool {
		return isField(m.group) || !strings.Contains(m.group, " ") && isIdentifier(m.group)
	}),
	pattern(`<<[^<>\n]{1,60}>>`, always),
	pattern(`%%[A-Za-z][A-Za-z0-9_. -]{0,39}%%`, always),
	pattern(`%[A-Za-z][A-Za-z0-9_.-]{1,39}%`, func(m match) bool {
		return m.noneAround("0123456789", "") && !startsHexadecimal(m.after())
	}),
	pattern(`%[({\[][A-Za-z_][A-Za-z0-9_. -]{0,39}[)}\]]s?`, always),
	pattern(`%([0-9]\$)?[sd@]`, notNextTo("X%", "X")),
	pattern(`\$([A-Za-z_][A-Za-z0-9_]{0,39})\$?`, func(m match) bool {
		return m.noneAround("X$", "") && (isField(m.group) || isIdentifier(m.group))
	}),
	pattern(`\$\([A-Za-z_][A-Za-z0-9_. -]{0,39}\)`, always),
	pattern(`#[A-Za-z][A-Za-z0-9_.-]{0,39}#`, notNextTo("X", "X")),
	pattern(`::[A-Za-z_][A-Za-z0-9_.-]{0,39}::`, notNextTo("X", "X")),
	pattern(`@@[A-Za-z_][A-Za-z0-9_.-]{0,39}@@`, always),
	pattern(`__([A-Z][A-Z0-9_]{0,39})__`, fieldNotNextTo("X", "X")),
	pattern(`~([A-Za-z][A-Za-z0-9_ -]{0,39})~|\^([A-Za-z][A-Za-z0-9_ -]{0,39})\^|!([A-Za-z][A-Za-z0-9_ -]{0,39})!`,
		fieldNotNextTo("X~^!", "X~^!")),
	pattern(`\(([^()\n]{1,60})\)`, func(m match) bool {
		return isField(m.group) &&
			(startsWith(m.group, "insert", "enter", "your") || m.afterSalutation())
	}),
	pattern(`[A-Za-z]+(_[A-Za-z]+)+|[A-Z]?[a-z]+([A-Z][a-z]+)+|NAME|FNAME|LNAME|FIRSTNAME|LASTNAME|FULLNAME`,
		func(m match) bool { return m.noneAround("", "X") && m.afterSalutation() && isField(m.text()) }),
	pattern(` +,`, func(m match) bool { return endsWithSalutation(m.before()) }),
	pattern(`NaN|Invalid Date(Time)?|\[object [A-Za-z]+\]`, notNextTo("X", "X")),
	pattern(`undefined|Undefined|UNDEFINED|null|Null|NULL|None|NONE`, func(m match) bool {
		return m.noneAround("X", "X") && isMissingValue(m)
	}),
	pattern(`_{4,}|_{3}`, isGap),
	pattern(`: *\.{5,}`, always),
	pattern(`\$ ?[Xx]{2,}([.,][Xx]+)?`, notNextTo("", "X")),
	pattern(`\(?[Xx]{2,}\)?[ ./:-] ?[Xx]{2,}([./: -][Xx]{2,})?`, func(m match) bool {
		isLower := !strings.Contains(m.text(), "X") && !strings.ContainsAny(m.text(), ":/.-")
		return m.noneAround("X", "X") && !isMasked(m) && !isLower
	}),
	pattern(`X{3,}`, func(m match) bool { return m.noneAround("X", "X") && !isMasked(m) }),
	pattern(`#{2,}[./-]#{2,}|\$ ?##+`, always),
	pattern(`[Mm]{2}/[Dd]{2}(/[Yy]{2,4})?|[Dd]{2}/[Mm]{2}/[Yy]{2,4}|[Yy]{4}-[Mm]{2}-[Dd]{2}|HH:MM|hh:mm`, func(m match) bool {
		return m.noneAround("X(", "X") && !m.afterWord(formatWord)
	}),
	pattern(`TODO|TBD|TBA|TBC|FIXME|TKTK|T\.B\.[ADC]\.?|tbd|tba|fixme|Tbd|Tba`, func(m match) bool {
		return m.noneAround("X", "X") && !isSpanishTodo(m)
	}),
	pattern(`[Tt]odo:`, func(m match) bool {
		before, _ := m.line()
		return strings.Trim(before, " ") == ""
	}),
	pattern(`[Ll]orem [Ii]psum|LOREM IPSUM|[Aa]nytown|ANYTOWN|[Tt]o be determined|TO BE DETERMINED|[Tt]o be announced|`+
		`TO BE ANNOUNCED|[Pp]or definir|POR DEFINIR`, notNextTo("X", "X")),
	pattern(`(INSERT|INSERTE)( +[A-Z]+){1,4}`, func(m match) bool {
		_, rest, _ := strings.Cut(m.text(), " ")
		return m.noneAround("X", "X") && hasFieldWords(rest)
	}),
	pattern(`[Yy]our [Nn]ame( [Hh]ere)?|YOUR NAME( HERE)?`, func(m match) bool {
		before, after := m.line()
		isAlone := strings.Trim(before, " .,!:") == "" && strings.Trim(after, " .,!:") == ""
		return m.noneAround("X", "X") && isAlone
	}),
	pattern(`(YOUR|INSERT)(_[A-Z]+)+|[A-Z]+(_[A-Z]+)*_HERE`, notNextTo("X_", "X_")),
	pattern(`\]\( *([A-Za-z]*) *\)`, func(m match) bool {
		switch text.Lower(m.group) {
		case "", "url", "link", "here":
			return true
		}
		return false
	}),
}

func fieldNotNextTo(before, after string) func(m match) bool {
	return func(m match) bool { return m.noneAround(before, after) && isField(m.group) }
}

var linkBehind = regexp.MustCompile(`^(?:\(|\[[0-9]+\]|: *http)`)

func isBracketField(m match) bool {
	if linkBehind.MatchString(m.after()) {
		return false
	}
	return isRequest(m.group) || hasFieldWords(m.group) && !strings.ContainsAny(m.group, "0123456789")
}

func isNoElement(m match) bool {
	if startsWith(m.group, "www.") {
		return false
	}
	name := elementName(m.group)
	if elementsIfClosed[name] {
		return !strings.Contains(text.Lower(m.s), "</"+name)
	}
	return !elements[name]
}

var hexadecimal = regexp.MustCompile(`^[0-9A-Fa-f]{2}`)

func startsHexadecimal(s string) bool { return hexadecimal.MatchString(s) }

var (
	valueBehind   = regexp.MustCompile(`^(?:$|[\n.,!?;:)<])`)
	memberBehind  = regexp.MustCompile(`^(?:$|[\n.,!?;:)<"}])`)
	formatWord    = regexp.MustCompile(`(?i)(?:as|in|format)$`)
	isBefore      = regexp.MustCompile(`(?i)is$`)
	prepositionOf = regexp.MustCompile(`(?i)(?:at|on|from|to|for|with|by|in)$`)
)

// isMissingValue reports whether the word stands where a value was missing,
// and is none of the language.
func isMissingValue(m match) bool {
	isNone := text.Lower(m.text()) == "none"
	if m.afterSalutation() {
		return !isNone || valueBehind.MatchString(m.after())
	}
	before := strings.TrimRight(m.before(), " ")
	isSpaced := len(before) < m.start
	isMember := strings.HasSuffix(m.before(), ">") || before != "" && strings.IndexByte(":=$", before[len(before)-1]) >= 0
	switch {
	case isMember:
		return memberBehind.MatchString(m.after()) && !(isNone && behindOtherLabel(m.before()))
	case isNone || !isSpaced:
		return false
	case endsWithWord(before, prepositionOf):
		return true
	}
	return endsWithWord(before, isBefore) && valueBehind.MatchString(m.after())
}

// behindOtherLabel reports whether a text ends with a colon and spaces behind a
// word that is no name of a field: `Allergies: None` is an answer.
func behindOtherLabel(s string) bool {
	label, ok := strings.CutSuffix(strings.TrimRight(s, " "), ":")
	if !ok {
		return false
	}
	start := len(label)
	for start > 0 && text.IsLetter(label[start-1]) {
		start--
	}
	return !fieldNames[text.Lower(label[start:])]
}

// isGap reports whether underscores stand for something to fill in: they are a
// rule when they are alone on their line.
func isGap(m match) bool {
	before, after := m.line()
	if strings.Trim(before+after, " _") == "" {
		return false
	}
	return m.end-m.start > 3 || m.noneAround("X", "X")
}

var lastFour = regexp.MustCompile(`^(?:[ -][Xx]+)*[ -][0-9]{4}(?:[^0-9]|$)`)

// isMasked reports whether the last four digits of a number follow.
func isMasked(m match) bool { return lastFour.MatchString(m.after()) }

var (
	todoBehind = strings.Fields("EL LA LOS LAS LO BIEN UN UNA SU TU")
	todoBefore = regexp.MustCompile(`(?:DE|PARA|CON|SOBRE|ES|A)$`)
)

// isSpanishTodo reports whether TODO is the Spanish word.
func isSpanishTodo(m match) bool {
	if m.text() != "TODO" {
		return false
	}
	for _, word := range todoBehind {
		rest, ok := strings.CutPrefix(m.after(), " "+word)
		if next, _ := utf8.DecodeRuneInString(rest); ok && (rest == "" || !text.IsLetterRune(next)) {
			return true
		}
	}
	before, ok := strings.CutSuffix(m.before(), " ")
	return ok && endsWithWord(before, todoBefore)
}
