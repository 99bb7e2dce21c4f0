/* page.js - what a page is nicer with; everything works without it. */
"use strict";
