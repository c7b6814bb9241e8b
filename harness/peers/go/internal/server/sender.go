package server

import (
	"net/http"
	"net/netip"
	"regexp"
	"strings"

	"lakehouse.invalid/peer/internal/wire"
)

// hostForm is a host and an optional port.
var hostForm = regexp.MustCompile(`^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]*)(?::[0-9]*)?$`)

// checkSender refuses requests that a web page of another host may have sent:
// those for a host that is not the server's own, and those from a page of such
// a host. net/http itself refuses requests without a Host, with several, and
// with an unknown transfer encoding.
func checkSender(r *http.Request) error {
	// Only HTTP/1.0 can do without a Host.
	if r.Host != "" || r.ProtoAtLeast(1, 1) {
		host, ok := hostOf(r.Host)
		if !ok {
			return wire.BadRequest("Host header is not valid")
		}
		if !isOwn(host) {
			return notServed("host", r.Host)
		}
	}
	for _, origin := range r.Header.Values("Origin") {
		authority, ok := strings.CutPrefix(origin, "http://")
		if !ok {
			authority, ok = strings.CutPrefix(origin, "https://")
		}
		if host, valid := hostOf(authority); !ok || !valid || !isOwn(host) {
			return notServed("origin", origin)
		}
	}
	return nil
}

func notServed(header, value string) error {
	return &wire.Problem{
		Status: http.StatusForbidden,
		Detail: header + " `" + shown(value) + "` is not served; this server answers for localhost and its configured hosts",
	}
}

// hostOf returns the host of a host with an optional port. That of an IPv6
// address keeps its brackets.
func hostOf(authority string) (host string, ok bool) {
	m := hostForm.FindStringSubmatch(authority)
	if m == nil {
		return "", false
	}
	if address, bracketed := strings.CutPrefix(m[1], "["); bracketed {
		_, err := netip.ParseAddr(strings.TrimSuffix(address, "]"))
		return m[1], err == nil && strings.Contains(address, ":")
	}
	return m[1], true
}

// isOwn reports whether a host is this machine's under a loopback name.
func isOwn(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && !address.Is4In6() && address.IsLoopback()
}

// The content types of bodies.
var (
	jsonTypes = regexp.MustCompile(`^application/(json|.*\+json)$`)
	lineTypes = regexp.MustCompile(`^application/(json|.*\+json|x-ndjson|ndjson|jsonl)$`)
)

// checkType refuses a body of another content type than the given ones; expected
// is the one to send.
func checkType(r *http.Request, types *regexp.Regexp, expected string) error {
	values := r.Header.Values("Content-Type")
	if len(values) == 0 {
		return nil
	}
	if len(values) == 1 {
		if strings.Trim(values[0], " \t") == "" {
			return nil
		}
		essence, _, _ := strings.Cut(values[0], ";")
		if types.MatchString(strings.ToLower(strings.Trim(essence, " \t"))) {
			return nil
		}
	}
	return &wire.Problem{
		Status: http.StatusUnsupportedMediaType,
		Detail: "content type `" + shown(strings.Join(values, ", ")) + "` is not accepted; send `" + expected +
			"` (curl: `-H 'content-type: " + expected + "'`)",
	}
}

// shown returns a header's value as details print it.
func shown(value string) string {
	printed := []byte(value)
	for i, b := range printed {
		if b < ' ' || b > '~' {
			printed[i] = '?'
		}
	}
	return string(printed)
}
