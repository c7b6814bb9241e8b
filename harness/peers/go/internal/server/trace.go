package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const traceHeader = "X-Lakehouse-Trace-Id"

var (
	traceForm   = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)
	traceparent = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$`)
)

// traceID returns the id of a request: its own, that of its W3C trace context,
// or a new one.
func traceID(h http.Header, now time.Time) string {
	if id := h.Get(traceHeader); traceForm.MatchString(id) {
		return id
	}
	if m := traceparent.FindStringSubmatch(h.Get("Traceparent")); m != nil {
		if m[1] != "ff" && strings.Trim(m[2], "0") != "" && strings.Trim(m[3], "0") != "" {
			return m[2]
		}
	}
	var random [10]byte
	rand.Read(random[:])
	return fmt.Sprintf("%012x%s", now.UnixMilli(), hex.EncodeToString(random[:]))
}
