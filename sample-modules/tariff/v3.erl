%% tariff, version 3: keeps two funs, a local one that stays bound to the version that
%% made it, and an external one that does not. It hands the local one over to till.
-module(tariff).
-vsn("3").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, rate/1]).

-define(FEE, 30).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{price => price(?FEE), rate => fun ?MODULE:rate/1}}.

%% The price, by the local fun.
handle_call({price, N}, _, #{price := Price} = State) ->
    {reply, try Price(N) catch error:{badfun, _} -> badfun end, State};
%% The price, by the external one.
handle_call({rate, N}, _, #{rate := Rate} = State) ->
    {reply, Rate(N), State};
%% Makes the local fun anew, in the code that runs.
handle_call(renew, _, State) ->
    {reply, done, State#{price := price(?FEE)}};
%% Sends till the local fun.
handle_call(hand_over, _, #{price := Price} = State) ->
    gen_server:cast(till, {use, Price}),
    {reply, done, State};
%% Sends till one that waits for a go when it is called.
handle_call(hand_over_slow, _, State) ->
    gen_server:cast(till, {use, slow()}),
    {reply, done, State}.

handle_cast(never, State) -> {noreply, State}.

rate(N) -> {3, ?FEE + N}.

price(Fee) -> fun(N) -> {3, Fee + N} end.

slow() -> fun(N) -> receive go -> {3, N} end end.
