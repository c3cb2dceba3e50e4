// The answer of a login in response mode form_post (OAuth 2.0 Form Post Response Mode): its only form goes on to the application.
document.forms[0].submit()
