"""What a person can do about each error, one plain sentence each ("Partner Center REST error codes")."""

SIGN_IN = 'Sign in again with MFA as the service account: run "python -m qualification sign-in".'
RETIRED = "Microsoft has retired the synchronous API: send the request again without 'mode'."
WAIT = "Nothing to do: the service asks again by itself."
LOOK = "Nothing to do: the service looks in Partner Center whether it took effect, and goes on from there."
CORRECT = "Read the description, correct the customer in the CRM or in Partner Center, then send a new request."
CHECK_URL = "Check that PARTNER_CENTER_URL is https://api.partnercenter.microsoft.com."
UNCLEAR = "If this goes on, ask Microsoft support and name the correlation id."
APP_ACCESS = "Check the app's client id, tenant and consent to Microsoft Partner Center in the partner tenant."
UNKNOWN_CUSTOMER = "Check the customer tenant id: Partner Center does not know it as a customer of this partner."
CUSTOMER_ACCESS = "Check the reseller relationship and the GDAP roles that the partner has with this customer."

CODE_REMEDIES = {
    "400": APP_ACCESS,
    "1000": UNKNOWN_CUSTOMER,
    "1002": "Give the service account the Admin agent or Sales agent role, and the app consent to Partner Center.",
    "2032": "Check in Partner Center that this partner may change the customer's qualifications.",
    "3000": "Correct the field that the description names, then send a new request.",
    "10001": SIGN_IN,
    "20002": "Set up a reseller relationship with the customer in Partner Center, then send a new request.",
    "60003": UNKNOWN_CUSTOMER,
    "800001": APP_ACCESS,
    "800002": "Correct the field that the description names, then send a new request.",
    "800039": "Renew the partner's Cloud Solution Provider enrolment in Partner Center.",
    "800073": "Wait until Microsoft has verified the customer's account; its contact may have been asked for documents.",
    "800074": "Wait until Microsoft has verified the customer's account; its contact may have been asked for documents.",
    "800075": "Have the customer's account verified: see the account's status in Partner Center.",
    "800086": "Qualify the customer for the offer first.",
    "900118": UNKNOWN_CUSTOMER,
    "900149": "Renew the partner's Cloud Solution Provider enrolment in Partner Center.",
    "900150": "Give the service account the Admin agent or Sales agent role in Partner Center.",
    "900308": "Ask the customer for GDAP with Directory Readers, License Administrator or User Administrator.",
    "900309": "Let the service account through the partner tenant's Conditional Access policies.",
    "900329": "Give the service a refresh token of the service account: this call does not take App-only tokens.",
    "900416": "Ask Microsoft support to unlock the customer's account for transactions.",
    "900420": "Register the app for https://api.partnercenter.microsoft.com: the token's audience is not accepted.",
    "900421": SIGN_IN,
}
